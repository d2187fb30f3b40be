"""What must always be true of a meeting, its recordings and its materials."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from camp.classrooms import planning
from camp.classrooms.models import Material, Meeting, Recording
from camp.classrooms.planning import at_the_same_time
from camp.classrooms.series import Series
from camp.classrooms.services import WrongInputError
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_camp, make_course, make_material, make_meeting, make_recording

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refusal(row):
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize("ends_at", [NOW, NOW - HOUR])
def test_a_meeting_ends_after_it_starts(ends_at):
    meeting = make_meeting()
    meeting.ends_at = ends_at

    assert refusal(meeting) == {"ends_at": ["The end must come after the beginning."]}
    with pytest.raises(IntegrityError):
        meeting.save()


@pytest.mark.parametrize("year", [1, 1999, 2201, 9999])
def test_a_year_outside_of_the_calendar_is_refused(year):
    meeting = make_meeting()
    meeting.ends_at = datetime(year, 7, 1, tzinfo=UTC)

    assert refusal(meeting) == {"ends_at": ["Write a year from 2000 to 2200."]}


def test_a_meeting_needs_its_times():
    meeting = make_meeting()
    meeting.starts_at = None

    assert refusal(meeting) == {"starts_at": ["This field cannot be null."]}


def test_a_meeting_belongs_to_a_course_of_its_camp():
    meeting = make_meeting()
    meeting.course = make_course()

    assert refusal(meeting) == {"course": ["This course belongs to another camp."]}


def test_a_key_comes_once_in_a_camp():
    meeting = make_meeting(key="one")
    make_meeting(key="one")

    with pytest.raises(IntegrityError):
        make_meeting(meeting.camp, key="one")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", "//example.org/", "words"])
def test_an_address_is_one_of_the_web(url):
    for row, name in [(make_meeting(), "join_url"), (make_recording(), "url"), (make_material(), "url")]:
        setattr(row, name, url)

        assert "Write an address that begins with https:// or http://." in refusal(row)[name]


def test_a_recording_comes_once_in_a_meeting():
    recording = make_recording()

    with pytest.raises(IntegrityError):
        make_recording(recording.meeting, url=recording.url)


def test_a_title_of_a_material_comes_once_in_a_meeting():
    material = make_material()

    with pytest.raises(IntegrityError):
        make_material(material.meeting, title=material.title)


@pytest.mark.parametrize(("url", "file"), [("", ""), ("https://example.org/", "materials/x.pdf")])
def test_a_material_is_an_address_or_a_file(url, file):
    material = Material(meeting=make_meeting(), title="Slides", url=url, file=file)

    assert refusal(material) == {"__all__": ["Give an address or a file, one of the two."]}
    with pytest.raises(IntegrityError):
        material.save()


def test_recordings_and_materials_keep_their_order():
    meeting = make_meeting()
    for position in (1, 0):
        make_recording(meeting, title=str(position), position=position)
        make_material(meeting, title=str(position), position=position)

    assert list(Recording.objects.values_list("title", flat=True)) == ["0", "1"]
    assert list(Material.objects.values_list("title", flat=True)) == ["0", "1"]


# Meetings that a series gives.


@pytest.fixture
def series():
    day = NOW.date()
    return Series(frozenset(range(7)), day, day + timedelta(days=2), datetime.min.time(), datetime.max.time())


def test_planned_meetings_are_on_the_clock_of_the_camp(series):
    meetings = planning.planned(series, camp=make_camp(time_zone="Europe/Berlin"), key="a", title="Day {}")

    assert [(row.key, row.title, row.starts_at) for row in meetings] == [
        ("a-1", "Day 1", datetime(2024, 7, 23, 22, tzinfo=UTC)),
        ("a-2", "Day 2", datetime(2024, 7, 24, 22, tzinfo=UTC)),
        ("a-3", "Day 3", datetime(2024, 7, 25, 22, tzinfo=UTC)),
    ]
    assert Meeting.objects.count() == 0


def test_planned_meetings_are_stored_all_or_none(series):
    camp = make_camp()
    meetings = planning.planned(series, camp=camp, key="a", title="Day {}")
    make_meeting(camp, key="a-3")

    with pytest.raises(WrongInputError, match="There is a meeting “a-3” already. Choose another key."):
        planning.store(meetings)

    assert Meeting.objects.count() == 1


def test_planned_meetings_are_stored(series):
    planning.store(planning.planned(series, camp=make_camp(), key="a", title="Day {}"))

    assert list(Meeting.objects.values_list("key", flat=True)) == ["a-1", "a-2", "a-3"]


def test_what_is_at_the_same_time_is_of_the_same_course_and_takes_place():
    meeting = make_meeting(course=make_course())
    before = make_meeting(course=meeting.course, starts_at=NOW - HOUR / 2)
    inside = make_meeting(course=meeting.course, starts_at=NOW + HOUR / 4, ends_at=NOW + HOUR / 2)
    make_meeting(course=meeting.course, starts_at=NOW - HOUR)
    make_meeting(course=meeting.course, starts_at=NOW + HOUR)
    make_meeting(course=meeting.course, is_cancelled=True)
    make_meeting(meeting.camp)
    make_meeting(course=make_course(meeting.course.stage))

    assert at_the_same_time([meeting]) == [[before, inside]]


def test_nothing_is_at_the_same_time_as_what_is_cancelled_or_has_no_course():
    cancelled = make_meeting(course=make_course(), is_cancelled=True)
    make_meeting(course=cancelled.course)
    ceremony = make_meeting(cancelled.camp)
    make_meeting(cancelled.camp)

    assert at_the_same_time([cancelled]) == [[]]
    assert at_the_same_time([ceremony]) == [[]]


# Together.


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_storing_a_series_waits_for_the_row_of_the_camp(series):
    meetings = planning.planned(series, camp=make_camp(), key="a", title="Day {}")

    with row_held(meetings[0].camp):
        assert waits(lambda: planning.store(meetings))

    assert Meeting.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_series_stored_twice_at_once_is_there_once(series):
    camp = make_camp()
    plans = [planning.planned(series, camp=camp, key="a", title="Day {}") for _twice in range(2)]

    outcomes = at_once([lambda plan=plan: planning.store(plan) for plan in plans])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["WrongInputError", "list"]
    assert Meeting.objects.count() == 3
