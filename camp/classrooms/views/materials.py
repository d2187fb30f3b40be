"""Recordings and materials of a meeting: asked for one at a time by those who may attend, and remembered."""

from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from camp.classrooms import services
from camp.classrooms.access import access_to_meeting
from camp.classrooms.views.meetings import meeting_or_404, meeting_page, pressed


@never_cache
@pressed
def recording(request, organization, slug, key, pk):
    """Show where a recording of the meeting is."""
    meeting = meeting_or_404(request, organization, slug, key)
    if request.method != "POST":
        return redirect(meeting)
    access_to_meeting(request.user, meeting).require_entry()
    recording = get_object_or_404(meeting.recordings.all(), pk=pk)
    try:
        services.open_recording(recording, by=request.user)
    except services.ClassroomError as error:
        return meeting_page(request, meeting, error=error, status=error.status)
    context = {"camp": meeting.camp, "meeting": meeting, "recording": recording}
    return render(request, "classrooms/recording.html", context)


@never_cache
@require_safe
def material(request, organization, slug, key, pk):
    """Lead to the address of a material, or send its file as a download."""
    meeting = meeting_or_404(request, organization, slug, key)
    access_to_meeting(request.user, meeting).require_entry()
    material = get_object_or_404(meeting.materials.all(), pk=pk)
    try:
        services.open_material(material, by=request.user)
    except services.ClassroomError as error:
        raise PermissionDenied(str(error)) from None
    return redirect(material.url) if material.url else _download(material)


def _download(material):
    """The stored file to be saved, never to be shown: whatever it holds, no browser takes it for a page of ours."""
    name = "".join(char for char in material.file_name if char.isprintable()) or PurePath(material.file.name).name
    content_type = "application/pdf" if name.lower().endswith(".pdf") else "application/octet-stream"
    try:
        stored = material.file.open("rb")
    except OSError:
        raise Http404 from None
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(stored, as_attachment=True, filename=name, content_type=content_type, headers=headers)
