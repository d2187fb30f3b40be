"""The pages of a group chat, of a camp or of a stage: asked for with a button, recorded, kept by no cache.

Who may ask is decided before: these functions take the request of somebody entitled.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from PIL import Image

from camp.camps.services import reveal, was_just_revealed

CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def group_page(request, holder, *, camp, secret, picture_url):
    """The group chat of `holder` (a camp or a stage): behind its button, and shown by pressing it."""
    if not holder.has_group:
        raise Http404
    context = {"camp": camp, "holder_name": str(holder), "back_url": holder.get_absolute_url()}
    if request.method == "POST":
        reveal(camp, to=request.user, secret=secret)
        context |= {"group": holder, "picture_url": picture_url if holder.group_picture else ""}
    return render(request, "enrollment/group.html", context)


def group_picture(request, holder, *, camp, secret, page_url):
    """The QR picture, for the page that just revealed it; whoever comes another way is sent to that page's button."""
    if not holder.group_picture:
        raise Http404
    if not was_just_revealed(camp, to=request.user, secret=secret):
        return redirect(page_url)
    return picture_response(holder.group_picture)


def picture_response(file):
    """The stored picture under the type that it has when opened, never the one its name claims."""
    content_type = content_type_of(file)
    if content_type is None:
        raise Http404
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    with file.open("rb") as stored:
        return HttpResponse(stored.read(), content_type=content_type, headers=headers)


def content_type_of(file):
    """The content type of a PNG, JPEG or WebP picture; None for anything else, broken or missing."""
    try:
        with file.open("rb") as stored, Image.open(stored, formats=tuple(CONTENT_TYPES)) as picture:
            picture.verify()
            return CONTENT_TYPES[picture.format]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
