"""Whether a camp's accent colour can be read: contrast as WCAG 2.2 defines it. Pure functions."""

import colorsys
import hashlib
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA for text.
COMFORTABLE_CONTRAST = 7  # WCAG 2.2, 1.4.6: light words on a dark page need more than the least.


def luminance(color):
    """Relative luminance (0 to 1) of a colour written #rrggbb."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio of two colours, 1 (equal) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def validate_accent(value):
    """An accent carries white text on buttons, so it must be dark enough for it."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Write the colour as #rrggbb."))
    if contrast(value, "#ffffff") < LEAST_CONTRAST:
        raise ValidationError(_("This colour is too light to carry white text. Choose a darker one."))


# The colours of static/css/tokens.css that an accent is read on.
LIGHT_PAGES = ("#faf9f7", "#ffffff", "#f3f1ed")
DARK_PAGES = ("#131312", "#1b1b1a", "#242322")
SOFT = 0.09  # How much of the accent is mixed into the surface behind what is the reader's own.


def on_light(accent):
    """The accent as words on the light pages: itself, or as much darker as reading asks for."""
    return _readable(accent, LIGHT_PAGES, step=-0.01)


def on_dark(accent):
    """The accent as words on the dark pages: lighter, and never shrill."""
    return _readable(accent, DARK_PAGES, step=0.01, saturation=0.65, least=COMFORTABLE_CONTRAST)


def _readable(accent, pages, *, step, saturation=1.0, least=LEAST_CONTRAST):
    """The first shade, from the accent in steps of lightness, that can be read on all pages and on its own breath."""
    hue, lightness, own_saturation = colorsys.rgb_to_hls(*_channels(accent))
    while True:
        shade = _written(colorsys.hls_to_rgb(hue, lightness, min(own_saturation, saturation)))
        if all(contrast(shade, page) >= least for page in (*pages, mixed(shade, pages[1]))):
            return shade
        lightness += step


def mixed(color, page, share=SOFT):
    """What the browser makes of `color-mix(in srgb, color 9%, page)`."""
    pairs = zip(_channels(color), _channels(page), strict=True)
    return _written([share * one + (1 - share) * other for one, other in pairs])


def _channels(color):
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def _written(channels):
    return "#" + "".join(f"{round(min(max(channel, 0), 1) * 255):02x}" for channel in channels)


def stylesheet(accent):
    """The CSS that gives a page a camp's accent, in the shades that can be read on light and on dark."""
    return (
        f":root {{ --accent: {accent}; --accent-on-light: {on_light(accent)}; --accent-on-dark: {on_dark(accent)}; }}\n"
    )


def version(accent):
    """What changes in the address of an accent's stylesheet when its text does."""
    return hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:8]
