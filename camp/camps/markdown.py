"""Markdown of staff as HTML that is safe to show: rendered, then sanitised, then narrowed by our own rules."""

import nh3
from django.utils.html import html_safe
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto"}


@html_safe
class CleanHtml:
    """HTML that went through `clean`: templates may show it as it is."""

    def __init__(self, html):
        self.html = html

    def __str__(self):
        return self.html


def render_markdown(text):
    return CleanHtml(clean(renderer().render(text or "")))


def renderer():
    """CommonMark with tables and bare links; HTML in the text is shown as text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def clean(html):
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener",
    )  # fmt: skip
