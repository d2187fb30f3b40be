"""Whether a camp's accent colour can be read: contrast as WCAG 2.2 defines it. Pure functions."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA for text.


def luminance(color):
    """Relative luminance (0 to 1) of a colour written #rrggbb."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio of two colours, 1 (equal) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def version(color):
    """What changes in the address of a colour's stylesheet when the colour does."""
    return color.lstrip("#").lower()


def validate_accent(value):
    """An accent carries white text on buttons, so it must be dark enough for it."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Write the colour as #rrggbb."))
    if contrast(value, "#ffffff") < LEAST_CONTRAST:
        raise ValidationError(_("This colour is too light to carry white text. Choose a darker one."))
