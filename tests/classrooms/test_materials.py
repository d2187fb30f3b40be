"""Materials of a meeting: led to or downloaded by those who may attend, once released, and remembered."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from camp.classrooms.models import Material, Opening
from tests.classrooms.visits import (
    OPENS,
    OUTSIDER_NAMES,
    OUTSIDERS,
    SECOND,
    START,
    Lesson,
    browser,
    text,
)
from tests.factories import make_camp, make_material, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lesson(clock):
    return Lesson()


def openings():
    return list(Opening.objects.order_by("id").values_list("user", "material"))


def stored(lesson, *, name, content=b"x"):
    material = Material(meeting=lesson.meeting, title=f"File {name}", file_name=name)
    material.file.save("0123.bin", ContentFile(content))
    return material


def fetch(lesson, material, user=None):
    return browser(user or lesson.student).get(lesson.url("material", material.pk))


@pytest.mark.parametrize("who", [lambda lesson: lesson.student, lambda lesson: lesson.teacher()])
def test_link_leads_on_and_the_opening_is_remembered(lesson, who):
    user = who(lesson)

    response = fetch(lesson, lesson.slides, user)

    assert (response.status_code, response.url) == (302, "https://slides.example.org/ownership")
    assert "no-store" in response["Cache-Control"]
    assert openings() == [(user.pk, lesson.slides.pk)]


@pytest.mark.parametrize(
    ("name", "content_type", "disposition"),
    [
        ("slides.pdf", "application/pdf", 'attachment; filename="slides.pdf"'),
        ("page.html", "application/octet-stream", 'attachment; filename="page.html"'),
        ("image.svg", "application/octet-stream", 'attachment; filename="image.svg"'),
        ("课件.PDF", "application/pdf", "attachment; filename*=utf-8''%E8%AF%BE%E4%BB%B6.PDF"),
        ('a"b\r\nSet-Cookie: x.zip', "application/octet-stream", 'attachment; filename="a\\"bSet-Cookie: x.zip"'),
        ("", "application/octet-stream", 'attachment; filename="{stored}"'),
    ],
)
def test_file_is_sent_as_a_download_and_never_shown(lesson, name, content_type, disposition):
    material = stored(lesson, name=name, content=b"<script>alert(1)</script>")

    response = fetch(lesson, material)

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    expected = disposition.format(stored=material.file.name.rpartition("/")[2])
    headers = ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    assert [response[header] for header in headers] == [content_type, expected, "nosniff"]
    assert openings() == [(lesson.student.pk, material.pk)]


def test_file_that_is_missing_is_a_404(lesson):
    material = stored(lesson, name="slides.pdf")
    material.file.storage.delete(material.file.name)

    assert fetch(lesson, material).status_code == 404


def test_stored_file_has_no_address_of_its_own(lesson):
    material = stored(lesson, name="slides.pdf")

    for path in (f"/media/{material.file.name}", f"/{material.file.name}"):
        assert browser(lesson.student).get(path).status_code == 404


def test_material_waits_for_its_release(lesson, clock):
    lesson.slides.release_at = START
    lesson.slides.save()
    clock.now = START - SECOND
    before = fetch(lesson, lesson.slides)
    clock.now = START
    after = fetch(lesson, lesson.slides)

    assert before.status_code == 403
    assert "This material is released on Wed 24 Jul 2024, 20:00 (Shanghai)." in text(before)
    assert (after.status_code, openings()) == (302, [(lesson.student.pk, lesson.slides.pk)])


def test_page_shows_a_material_with_its_date_until_it_is_released(lesson, clock):
    lesson.slides.release_at = START
    lesson.slides.save()
    clock.now = OPENS
    before = text(browser(lesson.student).get(lesson.url()))
    clock.now = START
    after = text(browser(lesson.student).get(lesson.url()))

    assert ["The slides" in page for page in (before, after)] == [True, True]
    assert [f'href="{lesson.slides_url()}"' in page for page in (before, after)] == [False, True]
    assert ["https://slides.example.org" in page for page in (before, after)] == [False, False]


def test_material_of_a_cancelled_meeting_is_refused(lesson):
    lesson.cancel()

    response = fetch(lesson, lesson.slides)

    assert (response.status_code, "This meeting is cancelled." in text(response), openings()) == (403, True, [])


@pytest.mark.parametrize("who", OUTSIDERS, ids=OUTSIDER_NAMES)
def test_others_are_refused_with_a_sentence(lesson, who):
    response = fetch(lesson, lesson.slides, who(lesson))

    assert (response.status_code, "This is for" in text(response), openings()) == (403, True, [])
    assert "slides.example.org" not in text(response)


def test_anonymous_visitor_signs_in_first(lesson):
    assert browser().get(lesson.slides_url()).url == f"{reverse('account_login')}?next={lesson.slides_url()}"


def test_material_of_another_meeting_is_a_404(lesson):
    other = make_material(make_meeting(make_camp("autumn")))

    for number in (other.pk, 10**30):
        assert browser(lesson.student).get(lesson.url("material", number)).status_code == 404
    assert openings() == []


def test_material_is_only_read(lesson):
    assert browser(lesson.student).post(lesson.slides_url()).status_code == 405


def test_second_opening_keeps_the_day_of_the_first(lesson, clock):
    first = clock.now
    fetch(lesson, lesson.slides)
    clock.now = first + timedelta(days=2)
    fetch(lesson, lesson.slides)

    opening = Opening.objects.get()
    assert (opening.first_opened_at, opening.last_opened_at) == (first, clock.now)
