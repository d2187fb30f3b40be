import re

import pytest

from camp.camps.markdown import clean, is_outside, render_markdown

LINK = 'rel="nofollow noopener"'


def html(text):
    return str(render_markdown(text)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一 **two** *three* ~~four~~", "<p>一 <strong>two</strong> <em>three</em> <s>four</s></p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```rust\nlet a = 1;\n```", '<pre><code class="language-rust">let a = 1;\n</code></pre>'),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("", ""),
        (None, ""),
    ],
)
def test_markdown_becomes_html(text, expected):
    assert html(text) == expected


def test_markdown_tables_have_no_inline_style():
    lines = html("|a|b|\n|:-:|--|\n|1|2|").splitlines()

    assert lines[0] == "<table>"
    assert [line for line in lines if "style" in line or "align" in line] == []
    assert [line for line in lines if "<td>" in line] == ["<td>1</td>", "<td>2</td>"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("# a", "<h3>a</h3>"), ("## a", "<h4>a</h4>"), ("#### a", "<h6>a</h6>"), ("###### a", "<h6>a</h6>")],
)
def test_headings_stand_below_those_of_the_page(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://example.org/b)", f'<p><a href="https://example.org/b" {LINK}>a</a></p>'),
        ("<https://example.org>", f'<p><a href="https://example.org" {LINK}>https://example.org</a></p>'),
        ("[a](mailto:a@example.org)", f'<p><a href="mailto:a@example.org" {LINK}>a</a></p>'),
        ("[a](/b/)", f'<p><a href="/b/" {LINK}>a</a></p>'),
        ("[a](ftp://example.org)", f"<p><a {LINK}>a</a></p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
    ],
)
def test_links_are_not_followed_and_open_no_door(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a](/static/b.png)", '<p><img src="/static/b.png" alt="a"></p>'),
        ("![a](https://example.org/b.png)", f'<p><a href="https://example.org/b.png" {LINK}>a</a></p>'),
        ("![a](//example.org/b.png)", f'<p><a href="//example.org/b.png" {LINK}>a</a></p>'),
        ("![](https://example.org/b.png)", f'<p><a href="https://example.org/b.png" {LINK}>https://example.org/b.png</a></p>'),
        (
            "[![a](https://example.org/b.svg)](https://example.org)",
            f'<p><a href="https://example.org" {LINK}>a</a></p>',
        ),
        ("![a](data:image/png;base64,AAAA)", f"<p><a {LINK}>a</a></p>"),
    ],
)  # fmt: skip
def test_a_picture_from_elsewhere_becomes_a_link(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.org/a.png">',
        '<img src=x onerror="alert(1)">',
        '<p style="position:fixed">a</p>',
        "<iframe src='https://example.org'></iframe>",
        '<svg onload="alert(1)">',
    ],
)
def test_html_in_the_text_is_shown_as_text(hostile):
    text = re.sub(r"</?a\b[^>]*>", "", html(hostile))  # A whole address in it is a link, as anywhere.
    assert "<" not in text.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize("address", ["/\\example.org/a.png", "/\t/example.org/a.png", "\\\\example.org/a.png"])
def test_an_address_that_browsers_read_as_another_host_is_outside(address):
    assert is_outside(address)


@pytest.mark.parametrize("src", ["https://example.org/a.png", "//example.org/a.png", "/\\example.org/a.png"])
def test_cleaning_alone_lets_no_outside_picture_through(src):
    assert clean(f'<p><img alt="a" src="{src}"></p>') == '<p><img alt="a"></p>'


def test_a_whole_address_is_a_link():
    html = str(render_markdown("See https://ci.example.org/run/7, please."))

    link = '<a href="https://ci.example.org/run/7" rel="nofollow noopener">https://ci.example.org/run/7</a>'
    assert html == f"<p>See {link}, please.</p>\n"


@pytest.mark.parametrize(
    "text", ["example.org", "someone@example.org", "javascript:alert(1)", "`https://example.org`", "ftp://x.y"]
)
def test_what_is_no_web_address_is_no_link(text):
    assert "<a" not in str(render_markdown(text))


@pytest.mark.parametrize("address", ["/my/", "/static/icon.svg", "https://example.org/a.png"])
def test_without_pictures_each_is_a_link(address):
    html = str(render_markdown(f"![a picture]({address})", pictures=False))

    assert html == f'<p><a href="{address}" rel="nofollow noopener">a picture</a></p>\n'
