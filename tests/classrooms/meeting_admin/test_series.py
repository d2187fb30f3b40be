"""A series of meetings: shown before it is made."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.classrooms.models import Meeting
from camp.stages.models import Course
from tests.admin_world import World, address
from tests.classrooms.meeting_admin.steps import sign_in, staff_of
from tests.factories import (
    make_meeting,
)

pytestmark = pytest.mark.django_db


WORDS = {
    "kind": "lesson", "title": "Lesson {}", "key": "extra", "speaker": "Ada", "weekdays": ["0", "3"],
    "first": "2024-07-22", "last": "2024-08-01", "starts": "14:00", "ends": "15:00", "skip": "2024-07-25",
    "join_url": "https://meet.example.org/x", "number": "1", "passcode": "2",
}  # fmt: skip
SERIES = "admin:classrooms_meeting_series"


def send(client, world, **changes):
    return client.post(reverse(SERIES), WORDS | {"camp": world.camp.pk, "course": world.course.pk} | changes)


def lasts(camp, starts_at, ends_at):
    camp.starts_at, camp.ends_at = starts_at, ends_at
    camp.save()


def made():
    return list(Meeting.objects.filter(key__startswith="extra-").values_list("key", "title").order_by("starts_at"))


def test_a_series_is_shown_before_it_is_made(staff, world):
    make_meeting(course=world.course, title="In the way", starts_at=datetime(2024, 7, 29, 6, 30, tzinfo=UTC))

    response = send(staff, world)

    rows = [(str(row["meeting"]), row["time"], row["clashes"]) for row in response.context["rows"]]
    assert rows == [
        ("Lesson 1", "Mon 22 Jul 2024, 14:00–15:00", []),
        ("Lesson 2", "Mon 29 Jul 2024, 14:00–15:00", ["In the way"]),
        ("Lesson 3", "Thu 1 Aug 2024, 14:00–15:00", []),
    ]
    assert "Time in Shanghai" in response.text
    assert made() == []


def test_a_series_that_was_seen_is_made(staff, world):
    seen = send(staff, world).context["seen"]

    response = send(staff, world, seen=seen)

    assert response.status_code == 302
    assert made() == [("extra-1", "Lesson 1"), ("extra-2", "Lesson 2"), ("extra-3", "Lesson 3")]
    first = Meeting.objects.get(key="extra-1")
    assert (first.course, first.speaker, first.join_url, first.number, first.passcode) == (
        world.course, "Ada", "https://meet.example.org/x", "1", "2"
    )  # fmt: skip
    assert (first.starts_at, first.ends_at - first.starts_at) == (
        datetime(2024, 7, 22, 6, tzinfo=UTC), timedelta(hours=1)
    )  # fmt: skip
    assert first.history.get().history_user == world.organizer


@pytest.mark.parametrize("changes", [{"starts": "13:00"}, {"skip": ""}, {"passcode": "3"}, {"course": ""}])
def test_what_changed_since_it_was_seen_is_shown_again(staff, world, changes):
    seen = send(staff, world).context["seen"]

    response = send(staff, world, seen=seen, **changes)

    assert response.status_code == 200
    assert response.context["rows"] != []
    assert made() == []


def test_a_series_without_a_course_is_of_the_camp(staff, world):
    seen = send(staff, world, course="").context["seen"]

    send(staff, world, course="", seen=seen)

    assert set(Meeting.objects.filter(key__startswith="extra-").values_list("camp", "course")) == {
        (world.camp.pk, None)
    }


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"ends": "14:00"}, {"ends": ["The end must come after the beginning, on the same day."]}),
        ({"last": "2024-07-01"}, {"last": ["The last day must not be before the first."]}),
        ({"weekdays": ["6"], "last": "2024-07-25"},
         {"weekdays": ["None of these weekdays is within these days. Choose others."]}),
        ({"weekdays": []}, {"weekdays": ["This field is required."]}),
        ({"last": "2029-07-01"}, {"last": ["A series has at most 200 meetings. End it earlier."]}),
        ({"first": "1024-07-01"}, {"first": ["Write a year from 2000 to 2200."]}),
        ({"skip": "tomorrow"}, {"skip": ["Write the days as 2024-07-25, with commas between them."]}),
        ({"join_url": "ftp://x", "ends": "13:00"},
         {"join_url": ["Write an address that begins with https:// or http://."],
          "ends": ["The end must come after the beginning, on the same day."]}),
        ({"key": "no key"}, {"key": ["Use letters, digits, hyphens and underscores."]}),
        ({"title": "x" * 158 + "{}", "weekdays": [str(day) for day in range(7)], "first": "2024-05-01"}, {}),
        ({"title": "x" * 159 + "{}", "weekdays": [str(day) for day in range(7)], "first": "2024-04-01"},
         {"title": ["Ensure this value has at most 160 characters (it has 161)."]}),
        ({"title": "x" * 158 + "{}", "weekdays": [str(day) for day in range(7)], "first": "2024-04-01"},
         {"title": ["With its number this is longer than 160 characters. Make it shorter."]}),
        ({"title": "a\0b"}, {"title": ["Null characters are not allowed."]}),
    ],
)  # fmt: skip
def test_what_is_no_series_is_told_at_its_field(staff, world, changes, found):
    response = send(staff, world, **changes)

    assert (response.status_code, dict(response.context["form"].errors)) == (200, found)


def test_all_mistakes_are_told_at_once(staff, world):
    make_meeting(world.camp, key="extra-1")

    response = send(staff, world, weekdays=[], join_url="ftp://x", ends="13:00", last="2024-07-01")

    assert response.context["form"].errors == {
        "weekdays": ["This field is required."],
        "join_url": ["Write an address that begins with https:// or http://."],
        "last": ["The last day must not be before the first."],
        "ends": ["The end must come after the beginning, on the same day."],
        "key": ["There is a meeting “extra-1” already. Choose another key."],
    }


def test_a_used_key_is_told_beside_a_bad_address(staff, world):
    make_meeting(world.camp, key="extra-3")

    assert set(send(staff, world, join_url="ftp://x").context["form"].errors) == {"join_url", "key"}


def test_a_series_as_it_should_be_warns_of_nothing(staff, world):
    lasts(world.camp, datetime(2024, 7, 22, 6, tzinfo=UTC), datetime(2024, 8, 1, 7, tzinfo=UTC))

    response = send(staff, world)

    assert (response.context["warnings"], "Outside the camp" in response.text) == ([], False)


def test_meetings_outside_the_camp_are_named(staff, world):
    lasts(world.camp, datetime(2024, 7, 25, tzinfo=UTC), datetime(2024, 8, 1, 6, 30, tzinfo=UTC))

    response = send(staff, world)

    assert response.context["warnings"] == [
        "2 meetings are outside the camp, which lasts from 25 Jul 2024 to 1 Aug 2024."
    ]
    assert [row["is_outside"] for row in response.context["rows"]] == [True, False, True]
    assert response.text.count("Outside the camp") == 2


def test_a_title_without_a_number_is_named(staff, world):
    lasts(world.camp, datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC))

    many, one = send(staff, world, title="Lesson"), send(staff, world, title="Lesson", last="2024-07-22")

    assert [many.context["warnings"], one.context["warnings"]] == [
        ["All of them have the same title. Write {} in it where the number belongs, as in “Lesson {}”."], []
    ]  # fmt: skip


def test_skipped_days_are_written_in_any_common_way(staff, world):
    response = send(staff, world, skip="2024-07-25，2024-07-29、 2024-08-01,")

    assert [row["time"] for row in response.context["rows"]] == ["Mon 22 Jul 2024, 14:00–15:00"]


def test_a_key_that_is_taken_is_refused(staff, world):
    make_meeting(world.camp, key="extra-2")

    response = send(staff, world)

    assert response.context["form"].errors == {"key": ["There is a meeting “extra-2” already. Choose another key."]}


def test_a_key_that_was_taken_since_is_refused_and_nothing_is_made(staff, world):
    seen = send(staff, world).context["seen"]
    make_meeting(world.camp, key="extra-3")

    response = send(staff, world, seen=seen)

    assert "key" in response.context["form"].errors
    assert Meeting.objects.filter(key__startswith="extra-").count() == 1


def test_a_series_is_made_in_no_other_camp(staff, world):
    other = World("Zebra")

    assert set(send(staff, other).context["form"].errors) == {"camp", "course"}
    assert "Zebra" not in staff.get(reverse(SERIES)).text


def test_a_course_of_another_own_camp_is_refused(staff, world):
    other = World("Zebra")
    StaffRole.objects.create(camp=other.camp, user=world.organizer, role="organizer")

    response = send(staff, world, course=other[Course].pk)

    assert response.context["form"].errors == {"course": ["This course belongs to another camp."]}


@pytest.mark.parametrize("role", ["teacher", "assistant", "mentor"])
def test_a_series_is_made_by_organizers_only(client, world, role):
    sign_in(client, staff_of(world, role))

    assert send(client, world).status_code == 403
    assert "Add a series" not in client.get(reverse(address(Meeting, "changelist"))).text


def test_the_list_offers_a_series(staff):
    assert reverse(SERIES) in staff.get(reverse(address(Meeting, "changelist"))).text


def test_a_longer_series_is_shown_with_the_same_number_of_queries(staff, world):
    counts = []
    for last in ("2024-07-22", "2024-07-22", "2024-09-01"):  # The first fills what is kept for later.
        with CaptureQueriesContext(connection) as queries:
            send(staff, world, last=last)
        counts.append(len(queries))

    assert counts[1] == counts[2]
