"""A camp's accent can be read, on light and on dark, whatever colour a camp chooses."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from camp.camps import colors
from tests.factories import make_camp, make_staff_role

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
anything = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def tokens(name):
    """The values of a custom property in tokens.css: light first, then dark."""
    return re.findall(rf"--{name}: (#[0-9a-f]{{6}});", TOKENS)


@given(accent=anything)
def test_every_valid_accent_can_be_read_on_every_page(accent):
    try:
        colors.validate_accent(accent)
    except ValidationError:
        assume(False)

    light, dark = colors.on_light(accent), colors.on_dark(accent)

    assert all(colors.contrast(light, page) >= 4.5 for page in colors.LIGHT_PAGES)
    assert all(colors.contrast(dark, page) >= 7 for page in colors.DARK_PAGES)
    assert colors.contrast(light, colors.mixed(light, "#ffffff")) >= 4.5


def test_pages_are_those_of_the_stylesheet():
    pairs = [tokens(name) for name in ("page", "surface", "sunken")]

    assert tuple(light for light, _ in pairs) == colors.LIGHT_PAGES
    assert tuple(dark for _, dark in pairs) == colors.DARK_PAGES
    assert f"var(--accent-ink) {colors.SOFT:.0%}" in TOKENS


def test_the_sites_own_accent_is_shaded_like_a_camps():
    [accent] = tokens("accent")

    assert tokens("accent-on-light") == [colors.on_light(accent)]
    assert tokens("accent-on-dark") == [colors.on_dark(accent)]


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        ("ink", "page"), ("ink", "surface"), ("muted", "page"), ("muted", "surface"), ("muted", "sunken"),
        ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("bad", "page"), ("ink", "bad-soft"),
        ("ink", "good-soft"), ("ink", "warn-soft"), ("good", "surface"), ("bad", "surface"),
    ],
)  # fmt: skip
def test_words_of_the_site_can_be_read(words, behind):
    for one, other in zip(tokens(words), tokens(behind), strict=True):
        assert colors.contrast(one, other) >= 4.5


def test_edges_of_fields_can_be_seen():
    for edge, page in zip(tokens("edge"), tokens("surface"), strict=True):
        assert colors.contrast(edge, page) >= 3


@pytest.mark.django_db
def test_accent_stylesheet_is_public_and_kept(client):
    camp = make_camp(accent="#7c3aed")

    response = client.get(f"/{camp.organization.slug}/camp/{camp.slug}/accent.css")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/css"
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "max-age=2592000"}
    assert response.content.decode() == colors.stylesheet("#7c3aed")


@pytest.mark.django_db
def test_accent_of_an_unpublished_camp_is_for_its_staff(client):
    camp = make_camp(is_published=False)
    address = f"/{camp.organization.slug}/camp/{camp.slug}/accent.css"

    assert client.get(address).status_code == 404
    client.force_login(make_staff_role(camp).user)
    assert client.get(address).status_code == 200


def test_accent_address_changes_with_the_colour():
    assert colors.version("#7c3aed") != colors.version("#7c3aee")
