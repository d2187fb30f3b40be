"""Small picture files to upload or store."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image


def make_picture(kind="PNG", name="picture.png"):
    target = BytesIO()
    Image.new("RGB", (8, 8), "white").save(target, kind)
    return ContentFile(target.getvalue(), name=name)
