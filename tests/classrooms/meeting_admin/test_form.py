"""What the form of a meeting takes, refuses and warns of."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.classrooms.admin_series import time_of
from camp.classrooms.models import Meeting
from tests.admin_world import World, address
from tests.classrooms.meeting_admin.steps import page, save_and_read
from tests.factories import (
    make_check_in,
    make_course,
    make_enrollment,
    make_meeting,
    make_superuser,
)
from tests.test_admin_forms import errors, save, stored

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_the_site_and_to_the_live_page(staff, meeting):
    text = page(staff, meeting).text

    assert reverse("classrooms:live", args=meeting.address) in text
    assert 'class="viewsitelink"' in text


def test_the_key_of_a_new_meeting_says_that_it_stays(staff):
    text = staff.get(reverse(address(Meeting, "add"))).text

    assert "The end of its address, such as cxx-1. It cannot be changed later." in text


def test_a_key_stays(staff, meeting):
    save(staff, meeting, key="another")

    assert stored(meeting).key == meeting.key


def test_an_organizer_moves_a_meeting_to_another_course_of_the_camp(staff, world, meeting):
    other = make_course(world.course.stage)

    save(staff, meeting, course=other.pk)

    assert stored(meeting).course == other


def test_a_meeting_with_check_ins_stays_in_its_course(staff, world, meeting):
    make_check_in(meeting, make_enrollment(world.camp, at=timezone.now()))

    save(staff, meeting, course=make_course(world.course.stage).pk)

    assert stored(meeting).course == world.course
    assert "It stays: students have checked in." in page(staff, meeting).text


def test_a_course_of_another_camp_is_refused(staff, world, meeting):
    StaffRole.objects.create(camp=(other := World("Zebra")).camp, user=world.organizer, role="organizer")

    assert "course" in errors(save(staff, meeting, course=other.course.pk))


def test_an_end_before_the_start_is_refused(staff, meeting):
    response = save(staff, meeting, ends_at_0="2020-01-01")

    assert errors(response) == {"ends_at": ["The end must come after the beginning."]}


@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_year_that_is_a_slip_is_refused(staff, meeting, name, year):
    response = save(staff, meeting, **{f"{name}_0": f"{year}-01-01"})

    assert set(errors(response)) == {name}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org/x", "tencent meeting", "https://", "file:///"]
)
def test_a_join_address_that_is_not_http_is_refused(staff, meeting, url):
    response = save(staff, meeting, join_url=url, title="Typed")

    assert errors(response) == {"join_url": ["Write an address that begins with https:// or http://."]}
    assert 'value="Typed"' in response.text


def test_an_address_without_its_beginning_gets_https(staff, meeting):
    save(staff, meeting, join_url="meet.example.org/dm/x")

    assert stored(meeting).join_url == "https://meet.example.org/dm/x"


def test_a_recording_that_is_no_address_is_refused(staff, meeting):
    response = save(staff, meeting, **{"recordings-0-url": "javascript:alert(1)"})

    formset = response.context["inline_admin_formsets"][0].formset
    assert formset.errors == [{"url": ["Write an address that begins with https:// or http://."]}]


def test_a_form_is_on_the_clock_of_the_camp(staff, world, meeting):
    type(world.organizer).objects.filter(pk=world.organizer.pk).update(time_zone="Europe/Berlin")
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=datetime(2024, 7, 22, 6, tzinfo=UTC), ends_at=datetime(2024, 7, 22, 7, tzinfo=UTC)
    )

    shown = page(staff, meeting)
    save_and_read(staff, meeting, starts_at_1="14:30:00")

    assert shown.text.count("On the camp's clock: Shanghai.") == 3  # Start, end, and the release of a material.
    assert 'name="starts_at_1" value="14:00:00"' in shown.text
    assert stored(meeting).starts_at == datetime(2024, 7, 22, 6, 30, tzinfo=UTC)
    assert "Mon 22 Jul 2024, 14:30–15:00 Shanghai" in staff.get(reverse(address(Meeting, "changelist"))).text


def test_the_list_shows_a_meeting_over_midnight_with_both_days(staff, world):
    make_meeting(course=world.course, starts_at=datetime(2024, 7, 22, 15, 30, tzinfo=UTC))

    text = staff.get(reverse(address(Meeting, "changelist"))).text

    assert "Mon 22 Jul 2024, 23:30–Tue 23 Jul 2024, 00:30 Shanghai" in text


def test_the_list_says_which_meetings_are_cancelled_and_nothing_of_the_others(staff, meeting):
    make_meeting(meeting.camp, is_cancelled=True)

    text = staff.get(reverse(address(Meeting, "changelist"))).text

    assert text.count('<td class="field-state">cancelled</td>') == 1
    assert text.count('<td class="field-state"></td>') == Meeting.objects.count() - 1
    assert "icon-no" not in text


def test_the_list_names_the_camp_to_those_who_have_several(staff, world, meeting):
    def columns():
        return staff.get(reverse(address(Meeting, "changelist"))).context["cl"].list_display

    of_one = columns()
    StaffRole.objects.create(camp=World("Zebra").camp, user=world.organizer, role="mentor")

    assert ("camp" in of_one, "camp" in columns()) == (False, True)


def test_overlapping_lessons_of_one_course_are_saved_and_named(staff, meeting):
    other = make_meeting(course=meeting.course, title="Lesson two", starts_at=meeting.starts_at)
    make_meeting(course=meeting.course, title="Called off", starts_at=meeting.starts_at, is_cancelled=True)
    make_meeting(course=meeting.course, title="After it", starts_at=meeting.ends_at)
    make_meeting(meeting.camp, title="Elsewhere", starts_at=meeting.starts_at)

    said = save_and_read(staff, meeting, speaker="Ada")

    assert stored(meeting).speaker == "Ada"
    assert said[0] == f"At the same time in this course: Lesson two, {time_of(other)}"
    assert len(said) == 2


def test_of_many_overlapping_lessons_five_are_named(staff, meeting):
    for number in range(6):
        make_meeting(course=meeting.course, title=f"Lesson {number}", starts_at=meeting.starts_at)

    said = save_and_read(staff, meeting, speaker="Ada")

    assert [f"Lesson {number}" in said[0] for number in range(6)] == [True] * 5 + [False]
    assert said[0].endswith(" …")


def test_the_form_of_a_new_meeting_is_on_the_clock_of_the_only_camp(staff, world):
    type(world.organizer).objects.filter(pk=world.organizer.pk).update(time_zone="Europe/Berlin")
    url = reverse(address(Meeting, "add"))
    form = {"camp": world.camp.pk, "key": "new", "kind": "ceremony", "title": "New"}
    times = {"starts_at_0": "2024-07-22", "starts_at_1": "14:00", "ends_at_0": "2024-07-22", "ends_at_1": "15:00"}
    counts = {f"{kind}-{what}": 0 for kind in ("recordings", "materials") for what in ("TOTAL_FORMS", "INITIAL_FORMS")}

    shown = staff.get(url).text
    staff.post(url, form | times | counts)

    assert "On the camp's clock: Shanghai." in shown
    assert Meeting.objects.get(key="new").starts_at == datetime(2024, 7, 22, 6, tzinfo=UTC)


def test_the_form_of_a_new_meeting_of_several_camps_is_on_ones_own_clock(client, world):
    World("Zebra")
    client.force_login(make_superuser(time_zone="Europe/Berlin"))
    url = reverse(address(Meeting, "add"))

    assert "In your time zone: Berlin." in client.get(url).text
    assert "On the camp's clock: Shanghai." in client.get(url, {"camp": world.camp.pk}).text
