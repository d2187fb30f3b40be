"""The text of a calendar: read back by two other programs, equal to what was written, without any secret."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.utils import translation

from camp.classrooms import feeds
from camp.classrooms.calendar import clock_changes, feed_of, file_of
from camp.classrooms.models import Meeting
from tests.factories import NOW, make_camp, make_course, make_meeting, make_recording, make_stage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def utc(month, day, hour, minute=0):
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


def written(meetings=None):
    rows = Meeting.objects.all() if meetings is None else meetings
    return feed_of(feeds.for_calendar(rows), name="Camp")


def events_of(text):
    return icalendar.Calendar.from_ical(text).events


def event_of(meeting):
    return events_of(written(Meeting.objects.filter(pk=meeting.pk)))[0]


def times_by_icalendar(text):
    """(start, end) of every event in UTC, as `icalendar` reads them."""
    return [(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events_of(text)]


def times_by_vobject(text):
    """The same as `vobject` reads them, which takes the clock changes from the VTIMEZONE in the text alone."""
    parsed = vobject.readOne(text.decode())
    return [(event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)) for event in parsed.vevent_list]


# The frame.


def test_calendar_says_who_made_it_and_how_often_to_read_it():
    make_meeting()

    calendar = icalendar.Calendar.from_ical(written())

    assert calendar["version"] == "2.0"
    assert calendar["prodid"] == "-//Camp//Meetings//EN"
    assert (calendar["name"], calendar["x-wr-calname"]) == ("Camp", "Camp")
    assert calendar.refresh_interval == HOUR
    assert calendar["x-published-ttl"] == "PT1H"


def test_lines_end_and_fold_as_the_standard_says():
    make_meeting(title="并行计算与大模型训练的体系结构" * 8, speaker="李")

    lines = written().split(b"\r\n")

    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines][0] == "BEGIN:VCALENDAR"


def test_calendar_without_meetings_is_valid():
    assert events_of(written()) == []
    assert vobject.readOne(written().decode()).prodid.value == "-//Camp//Meetings//EN"


# Times.


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        ("Asia/Shanghai", [utc(7, 22, 6), utc(12, 31, 15, 30)]),
        ("Asia/Kolkata", [utc(7, 22, 6)]),
        # The hours before, in and after which the clock is put forward and back.
        ("Europe/Berlin", [utc(3, 31, hour, minute) for hour in (0, 1, 2) for minute in (0, 15)]),
        ("Europe/Berlin", [utc(10, 27, hour, minute) for hour in (0, 1, 2) for minute in (0, 15)]),
        ("America/New_York", [utc(3, 10, hour, minute) for hour in (6, 7, 8) for minute in (0, 15)]),
        ("America/New_York", [utc(11, 3, hour, minute) for hour in (5, 6, 7) for minute in (0, 15)]),
        # Half an hour of summer time, in the other half of the year.
        ("Australia/Lord_Howe", [utc(4, 6, hour, minute) for hour in (14, 15) for minute in (0, 15, 45)]),
        ("Australia/Lord_Howe", [utc(10, 5, hour, minute) for hour in (15, 16) for minute in (0, 15, 45)]),
        ("America/Sao_Paulo", [utc(1, 1, 2)]),
        ("UTC", [utc(7, 22, 6)]),
    ],
)
def test_two_programs_read_the_moments_that_were_written(zone, moments):
    camp = make_camp(time_zone=zone)
    for moment in moments:
        make_meeting(camp, starts_at=moment, ends_at=moment + HOUR)
    expected = [(moment, moment + HOUR) for moment in moments]

    text = written()

    assert times_by_icalendar(text) == expected
    assert times_by_vobject(text) == expected


def test_times_are_told_on_the_camps_clock_with_its_rules():
    make_meeting(make_camp(time_zone="Europe/Berlin"), starts_at=utc(7, 1, 12))

    text = written()

    assert b"DTSTART;TZID=Europe/Berlin:20240701T140000\r\n" in text
    assert [zone.tz_name for zone in icalendar.Calendar.from_ical(text).timezones] == ["Europe/Berlin"]


def test_every_zone_that_is_used_has_its_rules_once():
    for slug, zone in (("a", "Asia/Shanghai"), ("b", "Europe/Berlin"), ("c", "Asia/Shanghai"), ("d", "UTC")):
        make_meeting(make_camp(slug, time_zone=zone))

    calendar = icalendar.Calendar.from_ical(written())

    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Shanghai", "Europe/Berlin"]
    assert calendar.get_missing_tzids() == set()


def test_the_hour_that_the_clock_shows_twice_is_told_in_utc():
    """A time on the camp's clock means the first of the two."""
    first, again = utc(10, 27, 0, 30), utc(10, 27, 1, 30)
    make_meeting(make_camp(time_zone="Europe/Berlin"), starts_at=first, ends_at=again)

    text = written()

    assert b"DTSTART;TZID=Europe/Berlin:20241027T023000\r\n" in text
    assert b"DTEND:20241027T013000Z\r\n" in text


def test_clock_changes_are_found_to_the_second():
    first, last = utc(1, 1, 0), datetime(2025, 1, 1, tzinfo=UTC)

    assert clock_changes(ZoneInfo("Asia/Shanghai"), first, last) == []
    assert clock_changes(ZoneInfo("Europe/Berlin"), first, last) == [
        utc(3, 31, 1), utc(10, 27, 1),
    ]  # fmt: skip
    assert clock_changes(ZoneInfo("Australia/Lord_Howe"), first, last) == [
        utc(4, 6, 15), utc(10, 5, 15, 30),
    ]  # fmt: skip


# Words.


@pytest.mark.parametrize(
    "title",
    [
        "C++, Rust; both: “why”?",
        r"A back\slash, and \n that is none",
        "第一行\n第二行",
        "毕业典礼 🎓🎉👩‍💻",
        "并行计算与大模型训练的体系结构" * 10,
        "🎉" * 40,
        "BEGIN:VEVENT\nUID:x",
    ],
)
def test_a_title_comes_back_as_it_was(title):
    make_meeting(title=title)
    text = written()

    assert [event["summary"] for event in events_of(text)] == [title]
    assert vobject.readOne(text.decode()).vevent.summary.value == title


def test_characters_that_no_calendar_may_hold_are_left_out():
    make_meeting(title="One\x01\x0b\x1b two\r\nthree\rfour")

    assert events_of(written())[0]["summary"] == "One two\nthree\nfour"


def test_description_says_where_to_join_and_who_speaks(settings):
    camp = make_camp(name="Summer camp")
    meeting = make_meeting(course=make_course(make_stage(camp), name="C++"), speaker="Ada, the first")

    event = event_of(meeting)

    url = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    assert event["url"] == url
    assert event["description"].split("\n") == [
        "C++ · Summer camp", "Speaker: Ada, the first", "Join on this page from 15 minutes before the start:", url,
    ]  # fmt: skip


def test_a_ceremony_of_the_camp_names_the_camp():
    assert event_of(make_meeting(make_camp(name="Summer camp")))["description"].split("\n")[0] == "Summer camp"


def test_secrets_are_not_in_it():
    secret = "secret-4711"
    meeting = make_meeting(
        join_url=f"https://meet.example.org/{secret}", number=f"{secret}-number", passcode=f"{secret}-pass"
    )
    make_recording(meeting, url=f"https://video.example.org/{secret}", passcode=f"{secret}-replay")

    assert secret.encode() not in written().replace(b"\r\n ", b"")


# Edits.


def test_sequence_rises_with_each_edit_and_the_uid_stays():
    meeting = make_meeting()
    before = event_of(meeting)

    meeting.title = "Another"
    meeting.save()
    meeting.starts_at -= HOUR
    meeting.save()
    after = event_of(meeting)

    assert (before["sequence"], after["sequence"]) == (0, 2)
    assert before["uid"] == after["uid"] == f"meeting-{meeting.pk}@127.0.0.1"
    assert after["last-modified"].dt == meeting.history.first().history_date.replace(microsecond=0)
    assert after["dtstamp"].dt == after["last-modified"].dt


def test_what_is_noted_beside_a_meeting_is_no_edit():
    meeting = make_meeting()
    Meeting.objects.filter(pk=meeting.pk).update(told_starts_at=NOW)

    assert event_of(meeting)["sequence"] == 0


def test_a_meeting_without_history_is_written_too():
    meeting = make_meeting()
    meeting.history.all().delete()

    event = event_of(meeting)

    assert (event["sequence"], event["dtstamp"].dt) == (0, meeting.starts_at)


def test_a_cancelled_meeting_says_so_and_one_that_takes_place_is_confirmed():
    meeting = make_meeting(title="Lesson 1")
    confirmed = event_of(meeting)
    meeting.is_cancelled = True
    meeting.save()
    cancelled = event_of(meeting)

    assert (confirmed["status"], confirmed["summary"]) == ("CONFIRMED", "Lesson 1")
    assert (cancelled["status"], cancelled["summary"]) == ("CANCELLED", "Cancelled: Lesson 1")
    assert "This meeting is cancelled." in cancelled["description"]
    assert cancelled["sequence"] == 1


def test_the_same_meetings_give_the_same_bytes():
    make_meeting()
    make_meeting(make_camp("autumn", time_zone="Europe/Berlin"))

    assert written() == written()


def test_feed_without_meetings_still_holds_a_zone():
    calendar = icalendar.Calendar.from_ical(written())

    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]
    assert written() == written()


def test_file_of_a_meeting_makes_no_calendar_of_its_own():
    meeting = feeds.for_calendar(Meeting.objects.filter(pk=make_meeting().pk)).get()

    calendar = icalendar.Calendar.from_ical(file_of(meeting))

    assert sorted(calendar) == ["PRODID", "VERSION"]
    assert len(calendar.events) == 1
