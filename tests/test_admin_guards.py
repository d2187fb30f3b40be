"""What the admin keeps from an organizer, and requests that no database could answer."""

from copy import deepcopy

import pytest
from django.urls import reverse

from camp.accounts.models import Identity
from camp.camps.models import FaqEntry, Reveal, StaffRole
from camp.classrooms.models import Material, Meeting, Recording
from camp.enrollment.models import Enrollment
from camp.stages.models import Course, Stage
from tests.admin_world import World, address, in_english
from tests.factories import make_course, make_identity, make_staff_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting):
    return lasting(lambda: World("Otter"))


@pytest.fixture
def world(made):
    return deepcopy(made)


@pytest.fixture
def staff(client, world):
    client = in_english(client)
    client.force_login(world.organizer)
    return client


def test_whom_an_organizer_appoints_keeps_address_and_logins_to_themselves(staff, world):
    stranger = make_user("appointed", email="private@example.org")
    identity = make_identity(stranger, login="octo-private")

    staff.post(reverse(address(StaffRole, "add")), {"camp": world.camp.pk, "handle": "appointed", "role": "mentor"})
    page = staff.get(reverse(address(type(stranger), "change"), args=[stranger.pk]))

    assert page.status_code == 200
    assert "private@example.org" not in page.text
    assert "octo-private" not in staff.get(reverse(address(Identity, "changelist"))).text
    assert staff.get(reverse(address(Identity, "history"), args=[identity.pk])).status_code in (302, 404)


@pytest.mark.parametrize(
    "query",
    ["?id__in=99999999999999999999999", "?status=%00", "?applied_at__year=9999999999999999999999", "?q=%00", "?p=%00"],
)
def test_a_value_that_no_database_holds_is_a_400(staff, query):
    assert staff.get(reverse(address(Enrollment, "changelist")) + query).status_code == 400


def test_a_selection_that_no_database_holds_is_a_400(staff):
    url = reverse(address(Enrollment, "changelist"))

    assert staff.post(url, {"action": "admit", "_selected_action": ["9" * 30]}).status_code == 400


@pytest.mark.parametrize("query", ["?starts_at__year=99999999999", "?q=" + "x" * 60_000])
def test_what_sqlite_fails_on_is_a_400(staff, query):
    assert staff.get(reverse(address(Meeting, "changelist")) + query).status_code == 400


@pytest.mark.parametrize("model", [Recording, Material])
@pytest.mark.parametrize("pk", ["x", "\x00", "9" * 30, "-1"])
def test_a_row_that_cannot_be_is_refused_at_its_field(staff, model, pk):
    response = staff.post(reverse(address(model, "add")), {"meeting": pk, "title": "Part two"})

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors["meeting"]) != []


def test_an_id_that_cannot_be_among_several_is_refused_at_its_field(staff, world):
    url = reverse(address(Course, "change"), args=[world.course.pk])

    response = staff.post(url, {"name": "C++", "staff": ["9" * 23]})

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors["staff"]) != []


def test_a_line_is_one_line_whatever_is_sent(staff, world):
    url = reverse(address(FaqEntry, "change"), args=[world[FaqEntry].pk])

    staff.post(url, {"question": "Which\r\nBcc: one\x07?", "answer": "Two\r\n    （lines）。\x07 ", "position": "0"})

    entry = FaqEntry.objects.get(pk=world[FaqEntry].pk)
    assert (entry.question, entry.answer) == ("Which Bcc: one?", "Two\n    （lines）。")


def test_a_course_with_staff_of_its_own_is_kept(staff, world):
    """Without their course, those who are narrowed to it would be staff of the whole camp."""
    course = make_course(world[Stage], name="Another course")
    course.staff.add(make_staff_role(world.camp, role="teacher"))

    page = staff.post(reverse(address(Course, "delete"), args=[course.pk]), {"post": "yes"})

    assert "1 staff roles" in page.text
    assert Course.objects.filter(pk=course.pk).exists()


@pytest.mark.parametrize(
    ("model", "query", "recorded"),
    [(Meeting, "change", True), (Recording, "change", True), (Meeting, "history", False), (Material, "change", False)],
)
def test_who_opens_the_secrets_of_a_meeting_is_recorded(staff, world, model, query, recorded):
    before = Reveal.objects.count()

    staff.get(reverse(address(model, query), args=[world[model].pk]))

    new = Reveal.objects.order_by("pk")[before:]
    names = [(row.user, row.camp, f"meeting {world[Meeting].key}" in row.secret) for row in new]
    assert names == ([(world.organizer, world.camp, True)] if recorded else [])


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1"])
def test_a_form_in_another_encoding_is_a_400(client, db, charset):
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    client = type(client)(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value

    response = client.generic("POST", "/accounts/login/", f"csrfmiddlewaretoken={token}&login=x", content_type)

    assert response.status_code == 400
    assert "400" in response.text
