"""Pictures that staff upload: real PNG, JPEG or WebP only, drawn anew, so that nothing hidden in them is kept."""

import uuid
from io import BytesIO

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000  # 4000 × 4000: a small file can unpack to gigabytes.


def clean_picture(upload):
    """A PNG file drawn anew from the upload. Refuses what is too large or is no picture, whatever its name says."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 2 MB. Make it smaller and upload it again."))
    picture = _opened(upload)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValidationError(_("The picture has too many pixels. Make it smaller and upload it again."))
    return ContentFile(_drawn_anew(picture), name=f"{uuid.uuid4().hex}.png")


def _opened(upload):
    upload.seek(0)
    try:
        return Image.open(upload, formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, *BOMBS):
        raise ValidationError(_("This file is no picture we can show. Upload a PNG, JPEG or WebP picture.")) from None


def _drawn_anew(picture):
    target = BytesIO()
    try:
        picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(target, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError, *BOMBS):
        raise ValidationError(_("This picture is damaged. Save it again as PNG and upload that.")) from None
    return target.getvalue()


class PictureInput(AdminFileWidget):
    """Says that a picture is stored and links to the view that shows it; its file has no address of its own."""

    template_name = "admin/widgets/stored_picture.html"


class PictureField(forms.FileField):
    def to_python(self, data):
        upload = super().to_python(data)
        return upload and clean_picture(upload)
