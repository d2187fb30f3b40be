"""What a student reads of corrections: on the page of the course, and in the notices."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from camp.rankings import corrections, standings
from camp.rankings.models import Attempt
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_running_camp,
    make_stage,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


@pytest.fixture
def staff():
    return make_user("staff", display_name="Mx Secretary")


@pytest.fixture
def enrollment(course):
    now = timezone.now()
    enrollment = make_enrollment(course.camp, student=make_student(language="en"), at=now)
    make_identity(enrollment.student, login="octo")
    make_attempt(course, login="octo", points=20, at=now - timedelta(hours=1))
    standings.derive(enrollment, course)
    return enrollment


def read(client, course):
    return client.get(course.get_absolute_url(), {"tab": "exercises"}, headers=ENGLISH)


def words(text):
    """The text of a page without its marks, in single spaces."""
    return " ".join("".join(part.partition(">")[2] for part in f">{text}".split("<")).split())


def test_a_student_reads_what_was_corrected_and_why(client, course, enrollment, staff):
    line = corrections.adjust(enrollment, course, points=-3, by=staff, reason="Copied exercise 4.")
    corrections.revert(line, by=staff, reason="It was the other way round.")
    corrections.disqualify(Attempt.objects.get(), by=staff, reason="A broken grader.")
    client.force_login(enrollment.student)

    page = words(read(client, course).text)

    for text in (
        "Corrections", "Points taken off: 3", "Copied exercise 4.", "taken back", "It was the other way round.",
        "Upload disqualified", "A broken grader.", "in force", "upload disqualified claimed",
    ):  # fmt: skip
        assert text in page, text
    assert "Secretary" not in page


@pytest.mark.parametrize("reader", ["stranger", "other"])
def test_nobody_else_reads_it(client, course, enrollment, staff, reader):
    corrections.adjust(enrollment, course, points=3, by=staff, reason="An exam on paper.")
    if reader == "other":
        client.force_login(make_enrollment(course.camp, at=timezone.now()).student)

    page = read(client, course).text

    assert "An exam on paper." not in page
    assert "Corrections" not in page


def test_the_page_costs_the_same_with_more_corrections(client, course, enrollment, staff):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            read(client, course)
        return len(captured)

    client.force_login(enrollment.student)
    corrections.disqualify(Attempt.objects.get(), by=staff, reason="x")
    read(client, course)
    few = queries()

    for _each in range(3):
        corrections.adjust(enrollment, course, points=3, by=staff, reason="x")
        attempt = make_attempt(course, login="octo", points=5, at=timezone.now())
        corrections.move(attempt, to_course=make_course(course.stage), by=staff, reason="x")

    assert queries() == few


def test_an_upload_knows_its_correction(course, enrollment, staff):
    attempt = Attempt.objects.get()
    before = attempt.correction
    line = corrections.disqualify(attempt, by=staff, reason="x")
    loaded = Attempt.objects.for_list().get()
    corrections.revert(line, by=staff, reason="x")

    assert (before, loaded.correction, attempt.correction) == (None, line, None)


def told(enrollment):
    return enrollment.student.notices.filter(kind__startswith="rankings/").order_by("-id").first()


def test_notices_say_what_was_done_in_the_students_words(course, enrollment, staff):
    other = make_course(course.stage, name="C++ course")
    attempt = Attempt.objects.get()

    corrections.adjust(enrollment, course, points="2.5", by=staff, reason="An exam on paper.")
    added = told(enrollment)
    line = corrections.move(attempt, to_course=other, by=staff, reason="Wrong courseId.")
    moved = told(enrollment)
    corrections.revert(line, by=staff, reason="It was right.")
    reverted = told(enrollment)
    corrections.disqualify(attempt, by=staff, reason="Copied.")
    gone = told(enrollment)

    assert added.title == "Your scores in Rust course were corrected"
    assert added.body.startswith("Points added to yours: 2.5\n\nThe staff wrote: An exam on paper.")
    assert moved.title == "Your scores in C++ course were corrected"
    assert "moved from Rust course to C++ course and counts there." in moved.body
    assert reverted.title == "A correction of your scores in C++ course was taken back"
    assert "This correction no longer holds: Your upload of 20 points (octo, " in reverted.body
    assert "It was right." in reverted.body
    assert "was disqualified and does not count.\n\nThe staff wrote: Copied." in gone.body
    assert gone.mail.subject == gone.title


def test_a_late_upload_that_counts_is_told_as_that(course, enrollment, staff):
    late = make_attempt(course, login="octo", points=25, outcome="refused", reason="outside_window")

    corrections.move(late, to_course=course, by=staff, reason="The network was down.")

    assert "which was refused, counts all the same." in told(enrollment).body
