"""The site's own CSS and JavaScript: light, and from this host only."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
OURS = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")])
BUDGET = 50 * 1024  # Bytes over the wire for all CSS and JavaScript of a page.


def test_all_of_it_is_light():
    assert sum(len(gzip.compress(path.read_bytes())) for path in [*OURS, HTMX]) < BUDGET


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_is_from_another_host(path):
    assert re.findall(r"https?:|@import|url\(\s*[\"']?//", path.read_text(encoding="utf-8")) == []


def test_every_stylesheet_is_linked_by_a_page():
    templates = (Path(settings.BASE_DIR) / "templates").rglob("*.html")

    linked = {
        name for path in templates for name in re.findall(r'static "css/(\w+\.css)"', path.read_text(encoding="utf-8"))
    }

    assert linked == {path.name for path in STATIC.glob("css/*.css")}


def test_what_moves_asks_first():
    sheets = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("css/*.css")}
    moving = [name for name, text in sheets.items() if re.search(r"transition|animation|smooth", text)]

    base = (STATIC / "css" / "base.css").read_text(encoding="utf-8")
    assert moving == ["base.css"]
    assert base.index("prefers-reduced-motion: no-preference") < base.index("transition:")
