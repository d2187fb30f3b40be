"""Markdown of staff as plain text, for mails: no marks of emphasis, and every link with its address."""

from textwrap import indent

from django.conf import settings
from markdown_it import MarkdownIt

parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
RULE = "-" * 20


def plain_text(text):
    """Blocks parted by empty lines; lists, quotes and code stay recognizable."""
    return _blocks(_tree(parser.parse(text or ""))).strip("\n")


def _tree(tokens):
    """Tokens as nested (token, children), the closing ones dropped."""
    stack = [[]]
    for token in tokens:
        if token.nesting == 1:
            stack.append([])
            stack[-2].append((token, stack[-1]))
        elif token.nesting == -1:
            stack.pop()
        else:
            stack[-1].append((token, []))
    return stack[0]


def _blocks(nodes, *, tight=False):
    texts = [_block(token, children) for token, children in nodes]
    return ("\n" if tight else "\n\n").join(text for text in texts if text)


def _block(token, children):
    kind = token.type.removesuffix("_open")
    if kind == "inline":
        return _inline(token.children)
    if kind in ("fence", "code_block"):
        return indent(token.content.rstrip("\n"), "    ")
    if kind == "hr":
        return RULE
    if kind in ("bullet_list", "ordered_list"):
        return _list(token, children)
    if kind == "blockquote":
        return indent(_blocks(children), "> ", lambda line: True)
    if kind == "tr":
        return " | ".join(_blocks(cell) for _token, cell in children)
    return _blocks(children, tight=kind in ("table", "thead", "tbody"))


def _list(token, items):
    first = int(token.attrGet("start") or 1)
    is_ordered = token.type == "ordered_list_open"
    marks = [f"{first + number}. " if is_ordered else "- " for number in range(len(items))]
    texts = [_item(mark, children) for mark, (_token, children) in zip(marks, items, strict=True)]
    return "\n".join(texts)


def _item(mark, children):
    is_tight = all(token.hidden for token, _children in children if token.type == "paragraph_open")
    return mark + indent(_blocks(children, tight=is_tight), " " * len(mark)).lstrip(" ")


def _inline(tokens):
    text, links = "", []
    for token in tokens:
        if token.type == "link_open":
            links.append((token.attrGet("href"), len(text)))
        elif token.type == "link_close":
            address, start = links.pop()
            text = text[:start] + _link(text[start:], address)
        elif token.type == "image":
            text += _link(token.content, token.attrGet("src"))
        else:
            text += "\n" if token.type in ("softbreak", "hardbreak") else token.content
    return text


def _link(words, address):
    """The words with the address behind them, once where both are the same."""
    whole = f"{settings.SITE_URL}{address}" if address.startswith("/") else address.removeprefix("mailto:")
    return whole if words in ("", address, whole) else f"{words} ({whole})"
