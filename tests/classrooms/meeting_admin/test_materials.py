"""Recordings and materials on the page of a meeting."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from camp.classrooms.models import Material, Meeting
from tests.admin_world import address
from tests.classrooms.meeting_admin.steps import page, sign_in, staff_of
from tests.factories import (
    make_course,
    make_material,
    make_meeting,
)
from tests.test_admin_forms import errors, save

pytestmark = pytest.mark.django_db


def with_material(client, meeting, **values):
    """The meeting's form with one more material."""
    number = meeting.materials.count()
    row = {"title": "Slides", "url": "", "position": number, "release_at_0": "", "release_at_1": ""} | values
    added = {f"materials-{number}-{name}": value for name, value in row.items()}
    return save(client, meeting, title="Typed", **{"materials-TOTAL_FORMS": number + 1}, **added)


def material_errors(response):
    return response.context["inline_admin_formsets"][1].formset.errors


def test_a_teacher_uploads_a_file(teacher, meeting, media):
    response = with_material(teacher, meeting, file=SimpleUploadedFile("第一讲 slides.PDF", b"%PDF-1.7 x"))

    material = meeting.materials.get()
    assert response.status_code == 302
    assert material.file_name == "第一讲 slides.PDF"
    assert [path.name for path in media.rglob("*.pdf")] == [material.file.name.removeprefix("materials/")]
    assert "slides" not in material.file.name
    assert "第一讲 slides.PDF" in page(teacher, meeting).text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("slides.pdf", b"<html><script>"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.svg", b"<svg/>"),
    ],
)
def test_a_hostile_upload_is_refused_and_what_was_typed_is_kept(teacher, meeting, media, name, content):
    response = with_material(teacher, meeting, file=SimpleUploadedFile(name, content))

    assert set(material_errors(response)[0]) == {"file"}
    assert 'value="Typed"' in response.text
    assert meeting.materials.count() == 0
    assert not media.exists()


def test_a_meeting_is_made_with_its_recording_and_its_file(staff, world, media):
    data = {
        "camp": world.camp.pk, "course": world.course.pk, "key": "new", "kind": "lesson", "title": "New",
        "starts_at_0": "2024-07-22", "starts_at_1": "14:00", "ends_at_0": "2024-07-22", "ends_at_1": "15:00",
        "recordings-TOTAL_FORMS": 1, "recordings-INITIAL_FORMS": 0, "recordings-0-url": "https://video.example.org/n",
        "recordings-0-position": 0, "materials-TOTAL_FORMS": 1, "materials-INITIAL_FORMS": 0,
        "materials-0-title": "Notes", "materials-0-position": 0, "materials-0-release_at_0": "2024-07-23",
        "materials-0-release_at_1": "00:00", "materials-0-file": SimpleUploadedFile("notes.md", b"# Notes"),
    }  # fmt: skip

    response = staff.post(reverse(address(Meeting, "add")), data)

    assert errors(response) == {}
    made = Meeting.objects.get(key="new")
    assert (made.starts_at, made.recordings.get().url) == (
        datetime(2024, 7, 22, 6, tzinfo=UTC), "https://video.example.org/n"
    )  # fmt: skip
    assert (made.materials.get().file_name, made.materials.get().release_at) == (
        "notes.md", datetime(2024, 7, 22, 16, tzinfo=UTC)
    )  # fmt: skip


def test_the_release_says_in_which_zone_it_is(teacher, meeting):
    make_material(meeting)

    assert "Empty: at once. On the camp's clock: Shanghai." in page(teacher, meeting).text


def test_the_file_says_what_is_taken_before_a_mistake(teacher, meeting):
    make_material(meeting)

    text = page(teacher, meeting).text

    assert "A PDF, a picture, a text, an Office file, a notebook or a ZIP, at most 50 MB (a notebook 10 MB)." in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"release_at_0": "2024-07-23"},
         "Write the hour too, such as 14:00. Leave both empty to release it at once."),
        ({"release_at_1": "14:00"},
         "Write the day too, such as 2024-07-22. Leave both empty to release it at once."),
    ],
)  # fmt: skip
def test_half_a_release_says_what_to_do(teacher, meeting, values, sentence):
    response = with_material(teacher, meeting, url="https://example.org/x", **values)

    assert material_errors(response) == [{"release_at": [sentence]}]
    assert meeting.materials.count() == 0


def test_a_long_name_is_shortened(teacher, meeting, media):
    with_material(teacher, meeting, file=SimpleUploadedFile("x" * 200 + ".pdf", b"%PDF-1.7"))

    assert meeting.materials.get().file_name == "x" * 116 + ".pdf"


@pytest.mark.parametrize("values", [{}, {"url": "https://example.org/x", "file": b"%PDF-1.7"}])
def test_a_material_is_an_address_or_a_file(teacher, meeting, media, values):
    if "file" in values:
        values = values | {"file": SimpleUploadedFile("a.pdf", values["file"])}

    response = with_material(teacher, meeting, **values)

    assert material_errors(response) == [{"__all__": ["Give an address or a file, one of the two."]}]


def test_a_file_gives_way_to_an_address(teacher, meeting, media):
    with_material(teacher, meeting, file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"))

    save(teacher, meeting, **{"materials-0-file-clear": "on", "materials-0-url": "https://example.org/a.pdf"})

    material = meeting.materials.get()
    assert (material.url, material.file.name, material.file_name) == ("https://example.org/a.pdf", "", "")


def test_saving_again_keeps_the_file(teacher, meeting, media):
    with_material(teacher, meeting, file=SimpleUploadedFile("a.pdf", b"%PDF-1.7"))
    before = Material.objects.values().get(meeting=meeting)

    save(teacher, meeting, speaker="Ada")

    assert Material.objects.values().get(meeting=meeting) == before


def test_a_material_of_another_course_is_out_of_reach(client, world, meeting):
    sign_in(client, staff_of(world, "teacher", course=world.course))
    other = make_material(make_meeting(course=make_course(world.course.stage)))

    assert page(client, other).status_code == 302
    assert "meeting" in errors(
        client.post(reverse(address(Material, "add")), {"meeting": other.meeting_id, "title": "x", "position": 0})
    )
