"""Markdown of staff as HTML that is safe to show: rendered by our rules, then sanitised.

Headings start at h3, below the page's h1 and the h2 of the section they stand in. HTML in the text is shown as text.
A picture from elsewhere would tell its host who reads the page, so it becomes a link.
"""

import nh3
from django.utils.html import html_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

SHIFT = 2  # From # to h3.
LOWEST = 6
TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto"}


@html_safe
class CleanHtml:
    """HTML that has been through `clean`, so that a template may show it as it is."""

    def __init__(self, html):
        self._html = clean(html)

    def __str__(self):
        return self._html


def render_markdown(text, *, pictures=True):
    """Markdown as HTML. Without `pictures` each is a link: what students write loads nothing in a reader's name."""
    return CleanHtml((renderer if pictures else plain_renderer).render(text or ""))


def clean(html):
    """Keep only what Markdown needs, whatever the renderer made."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener",
        attribute_filter=_no_outside_picture,
    )  # fmt: skip


def _no_outside_picture(tag, attribute, value):
    return None if tag == "img" and attribute == "src" and is_outside(value) else value


def is_outside(address):
    """Whether a picture is not on this site. Browsers read a backslash as a slash and skip control characters."""
    return not address.startswith("/") or address[1:2] in ("/", "\\") or any(c < " " for c in address)


def _shift_headings(state):
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + SHIFT, LOWEST)}"


def _link_outside_pictures(state):
    _link_pictures(state, is_outside)


def _link_all_pictures(state):
    _link_pictures(state, lambda address: True)


def _link_pictures(state, is_unwanted):
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_without_pictures(token.children, is_unwanted))


def _without_pictures(children, is_unwanted):
    """The tokens of one paragraph with each unwanted picture as a link, or as its words where it stands in a link."""
    links = 0
    for token in children:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "image" or not is_unwanted(token.attrGet("src")):
            yield token
        else:
            yield from _words_of(token, in_link=links > 0)


def _words_of(picture, *, in_link):
    words = Token("text", "", 0, content=picture.content or picture.attrGet("src"))
    if in_link:
        return [words]
    start = Token("link_open", "a", 1, attrs={"href": picture.attrGet("src")})
    return [start, words, Token("link_close", "a", -1)]


def _renderer(link_pictures):
    """CommonMark with tables and struck-out words; an address that begins with https:// is a link without any mark."""
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "strikethrough", "linkify"])
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    markdown.core.ruler.push("shift_headings", _shift_headings)
    for scheme in ("ftp:", "//"):
        markdown.linkify.add(scheme, None)
    markdown.core.ruler.push("link_pictures", link_pictures)
    return markdown


renderer, plain_renderer = _renderer(_link_outside_pictures), _renderer(_link_all_pictures)
