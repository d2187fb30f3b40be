"""Who keeps up meetings in the admin, and who reads their secrets."""

import pytest
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.classrooms.models import Material, Meeting, Recording
from camp.stages.models import Course
from tests.admin_world import World, address
from tests.classrooms.meeting_admin.steps import SECRETS, page, sign_in, staff_of
from tests.factories import (
    make_course,
)
from tests.test_admin_forms import errors, save, stored

pytestmark = pytest.mark.django_db


def test_a_teacher_keeps_up_the_meetings_of_the_own_course(teacher, meeting):
    response = save(teacher, meeting, speaker="Ada")

    assert errors(response) == {}
    assert (stored(meeting).speaker, stored(meeting).course) == ("Ada", meeting.course)


def test_a_teacher_narrowed_to_another_course_reaches_nothing_of_this_one(client, world, meeting):
    sign_in(client, staff_of(world, "teacher", course=make_course(world.course.stage)))

    shown = [page(client, meeting), client.get(reverse(address(Meeting, "changelist")))]

    assert [response.status_code for response in shown] == [302, 200]
    assert "Lesson one" not in shown[1].text
    client.post(reverse(address(Meeting, "change"), args=[meeting.pk]), {"title": "Mine"})
    assert stored(meeting).title == "Lesson one"


@pytest.mark.parametrize("model", [Meeting, Recording, Material])
def test_the_filter_of_courses_offers_those_in_scope(client, world, model):
    own, more, other = world.course, make_course(world.course.stage), make_course(world.course.stage)
    person = staff_of(world, "teacher", course=own)
    more.staff.add(StaffRole.objects.get(user=person))

    offered = [courses_offered(sign_in(client, who), model) for who in (person, world.organizer)]

    assert offered == [{own.pk, more.pk}, {own.pk, more.pk, other.pk}]


def courses_offered(client, model):
    specs = client.get(reverse(address(model, "changelist"))).context["cl"].filter_specs
    return {
        pk
        for spec in specs
        if getattr(spec, "field", None) and spec.field.related_model is Course
        for pk, _label in spec.lookup_choices
    }


def test_a_teacher_neither_makes_nor_deletes_nor_moves_a_meeting_to_another_course(teacher, world, meeting):
    other = make_course(world.course.stage)

    made = teacher.get(reverse(address(Meeting, "add"))), teacher.get(reverse("admin:classrooms_meeting_series"))
    save(teacher, meeting, course=other.pk)

    assert [response.status_code for response in (*made, page(teacher, meeting, "delete"))] == [403, 403, 403]
    assert stored(meeting).course == world.course


def test_a_teacher_does_not_read_the_history(teacher, meeting):
    assert page(teacher, meeting, "history").status_code == 403
    assert "historylink" not in page(teacher, meeting).text


@pytest.mark.parametrize(
    ("role", "sees"), [("organizer", True), ("teacher", True), ("assistant", True), ("mentor", False)]
)
def test_secrets_are_for_those_who_teach(client, world, meeting, role, sees):
    sign_in(client, staff_of(world, role))

    text = page(client, meeting).text

    assert "Lesson one" in text
    assert [secret in text for secret in SECRETS] == [sees] * 5


def test_an_organizer_elsewhere_reads_no_secret_as_a_mentor_here(client, world, meeting):
    person = staff_of(World("Zebra"), "organizer")
    StaffRole.objects.create(camp=world.camp, user=person, role="mentor")

    text = page(sign_in(client, person), meeting).text

    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("role", StaffRole.Role)
def test_lists_searches_and_look_ups_hold_no_secret(client, world, meeting, role):
    sign_in(client, staff_of(world, role))
    names = {"app_label": "classrooms", "model_name": "recording", "field_name": "meeting"}
    urls = [reverse(address(model, "changelist")) for model in (Meeting, Recording, Material)]

    texts = [client.get(url).text for url in urls]
    texts += [client.get(reverse("admin:autocomplete"), names | {"term": word}).text for word in ("", "zig")]

    assert [secret for secret in SECRETS for text in texts if secret in text] == []
    assert "Lesson one" not in client.get(urls[0], {"q": "zig"}).text


@pytest.mark.parametrize("lookup", ["join_url__startswith=h", "passcode=x", "recordings__url__startswith=h"])
def test_a_lookup_on_a_secret_is_refused(staff, meeting, lookup):
    assert staff.get(f"{reverse(address(Meeting, 'changelist'))}?{lookup}").status_code == 400
