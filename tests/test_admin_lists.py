"""Every list of the admin costs the same for one row and for three; the first page counts what its lists show."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.accounts.models import Identity, User
from camp.camps.models import StaffRole
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail
from camp.rankings.models import Attempt
from camp.stages.models import Course, Stage
from tests.admin_world import MODELS, SUPERUSERS_ONLY, World, address, in_english, more_of
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_meeting,
    make_recording,
    make_staff_role,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db
SEEN_BY_ORGANIZERS = [model for model in MODELS if model not in SUPERUSERS_ONLY]


HOUR = timedelta(hours=1)


def name(model):
    return model._meta.label


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture(scope="module")
def made(lasting):
    return lasting(lambda: World("Otter"))


@pytest.fixture
def world(made):
    return deepcopy(made)


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_a_list_costs_the_same_with_more_rows(client, world, model):
    client.force_login(make_superuser())
    url = reverse(address(model, "changelist"))
    more_of(world, model)
    client.get(url)
    few = queries(client, url)

    more_of(world, model)
    more_of(world, model)

    assert len(queries(client, url)) == len(few)


@pytest.mark.parametrize("model", SEEN_BY_ORGANIZERS, ids=name)
def test_an_organizers_list_costs_the_same_with_more_rows(client, world, model):
    client.force_login(world.organizer)
    url = reverse(address(model, "changelist"))
    more_of(world, model)
    client.get(url)
    few = queries(client, url)

    more_of(world, model)
    more_of(world, model)

    assert len(queries(client, url)) == len(few) <= 16


def needs_on(client):
    return {str(need.title): need for need in client.get(reverse("admin:index")).context["needs"]}


def test_the_first_page_counts_what_waits(client, world):
    make_enrollment(world.camp, status=Enrollment.Status.APPLIED)
    make_enrollment(world.camp, status=Enrollment.Status.WAITING)
    Attempt.objects.create(course=world[Course], outcome="refused", reason="above_maximum", received_at=timezone.now())
    client.force_login(world.organizer)

    counts = {title: need.count for title, need in needs_on(client).items()}

    assert counts == {
        "Meetings soon without an address": 0,
        "Lessons over without a recording": 0,
        "Applications to decide": 1,
        "On the waiting list": 1,
        "Promotions held back": 0,
        "Logins not verified": 1,
        "Refused uploads of the last 24 hours": 1,
        "Questions without an answer": 1,
        "Proposals to decide": 1,
        "Selection rounds to allocate": 1,
        "Allocations to publish": 1,
        "Results to lock": 0,
        "Grades to confirm": 0,
        "Grades to publish": 0,
        "Passed without a certificate": 0,
        "Requests for a review": 1,
        "Certificates of a former grade": 0,
        "Unlinked logins": 1,
    }


def test_the_first_page_counts_undelivered_mails_for_superusers(client, world):
    Mail.objects.filter(pk=world[Mail].pk).update(status="failed")
    client.force_login(make_superuser())

    assert needs_on(client)["Mails not delivered"].count == 1


def test_each_number_is_that_of_its_list(client, world):
    for _each in range(2):
        make_enrollment(world.camp, status=Enrollment.Status.APPLIED)
        Attempt.objects.create(course=world[Course], outcome="refused", reason="malformed", received_at=timezone.now())
    make_meeting(course=world[Course], starts_at=timezone.now() + HOUR)
    make_meeting(course=world[Course], starts_at=timezone.now() - 2 * HOUR)
    Mail.objects.filter(camp=world.camp).update(status="uncertain")
    client.force_login(make_superuser())

    for need in needs_on(client).values():
        page = client.get(need.url).context
        shown = page["cl"].result_count if "cl" in page else page["page"].paginator.count

        assert shown == need.count, need


def missing(client, what):
    return set(client.get(reverse("admin:classrooms_meeting_changelist"), {"missing": what}).context["cl"].result_list)


def test_lessons_over_without_a_recording_are_those_of_two_weeks(client, world):
    now, course = timezone.now(), world[Course]
    over = make_meeting(course=course, starts_at=now - 2 * HOUR)
    make_recording(make_meeting(course=course, starts_at=now - 2 * HOUR))
    make_meeting(course=course, starts_at=now - 2 * HOUR, is_cancelled=True)
    make_meeting(course=course, starts_at=now - 2 * HOUR, kind="question_hour")
    make_meeting(course=course, starts_at=now - HOUR / 2)
    make_meeting(course=course, starts_at=now - timedelta(days=14, hours=2))
    client.force_login(world.organizer)

    assert needs_on(client)["Lessons over without a recording"].count == 1
    assert missing(client, "recording") == {over}


def test_meetings_soon_without_an_address_are_those_of_a_day(client, world):
    now, course = timezone.now(), world[Course]
    soon = [make_meeting(course=course, starts_at=now + hours) for hours in (-HOUR / 2, 23 * HOUR)]
    make_meeting(course=course, starts_at=now + HOUR, join_url="https://meet.example.org/x")
    make_meeting(course=course, starts_at=now + HOUR, number="405")
    make_meeting(course=course, starts_at=now + HOUR, is_cancelled=True)
    make_meeting(course=course, starts_at=now + 25 * HOUR)
    make_meeting(course=course, starts_at=now - 2 * HOUR)
    client.force_login(world.organizer)

    assert needs_on(client)["Meetings soon without an address"].count == 2
    assert missing(client, "address") == set(soon)


def test_what_waits_comes_first_and_of_that_what_is_missing_in_meetings(client, world):
    make_meeting(course=world[Course], starts_at=timezone.now() + HOUR)
    client.force_login(make_superuser())

    needs = needs_on(client)

    assert next(iter(needs)) == "Meetings soon without an address"
    waits = [need.count > 0 for need in needs.values()]
    assert waits == sorted(waits, reverse=True)
    assert set(waits) == {True, False}


def test_a_teacher_of_one_course_is_asked_for_its_meetings_only(client, world):
    course = make_course(world[Stage])
    own, _other = (make_meeting(course=one, starts_at=timezone.now() + HOUR) for one in (course, world[Course]))
    elsewhere = World("Zebra")
    make_meeting(course=elsewhere[Course], starts_at=timezone.now() + HOUR)
    role = make_staff_role(world.camp, role="teacher")
    course.staff.add(role)
    make_staff_role(elsewhere.camp, user=role.user, role="mentor")
    client.force_login(role.user)

    assert needs_on(client)["Meetings soon without an address"].count == 1
    assert missing(client, "address") == {own}


def test_the_first_page_shows_nothing_of_another_camp(client, world):
    other = World("Zebra")
    make_enrollment(other.camp, status=Enrollment.Status.APPLIED)
    client.force_login(world.organizer)

    assert needs_on(client)["Applications to decide"].count == 0
    assert needs_on(client)["Unlinked logins"].count == 1


def test_a_mentor_has_no_people_to_decide_on(client, world):
    mentor = make_user()
    StaffRole.objects.create(camp=world.camp, user=mentor, role="mentor")
    client.force_login(mentor)

    assert {title: need.count for title, need in needs_on(client).items()} == {"Proposals to decide": 1}
    assert client.get(reverse("admin:unlinked_logins")).status_code == 403
    assert client.get(reverse("admin:enrollment_enrollment_changelist")).status_code == 403


def test_unlinked_logins_are_those_of_nobody(client, world):
    make_attempt(world[Course], login="Nobody", at=timezone.now())
    make_attempt(world[Course], login="nobody", at=timezone.now())
    make_attempt(world[Course], login=world[Identity].login, at=timezone.now())
    client.force_login(world.organizer)

    page = client.get(reverse("admin:unlinked_logins")).context["page"]

    assert {(row["login_key"], row["attempts"]) for row in page} == {("nobody", 2), ("otter-login", 1)}


def test_a_narrowed_teacher_sees_the_attempts_of_the_own_course(client, world):
    teacher = make_user()
    role = StaffRole.objects.create(camp=world.camp, user=teacher, role="teacher")
    course = make_course(world[Stage])
    course.staff.add(role)
    own = make_attempt(course, login="mine", at=timezone.now())
    client.force_login(teacher)

    listed = client.get(reverse("admin:rankings_attempt_changelist")).context["cl"].result_list

    assert list(listed) == [own]


def test_a_students_page_links_to_everything_else_about_that_person(client, world):
    client.force_login(world.organizer)
    page = client.get(reverse(address(User, "change"), args=[world.student.pk])).content.decode()

    found = re.findall(r'<a href="(/admin/[^"]+\?q=otter-student)">', page)

    assert len(found) == 5
    for url in found:
        assert [row.pk for row in client.get(url).context["cl"].result_list] != [], url
