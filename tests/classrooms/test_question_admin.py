"""Questions and answers as staff see and moderate them in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.classrooms.models import Answer, Question
from camp.notices.models import Notice
from tests.admin_world import World, address, in_english
from tests.factories import make_answer, make_course, make_question, make_staff_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def teacher(client, world):
    """A client of a teacher who is narrowed to the course of the world."""
    role = make_staff_role(world.camp, role=StaffRole.Role.TEACHER)
    world.course.staff.add(role)
    client.force_login(role.user)
    return client


def act(client, model, action, rows, **data):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
    return client.post(reverse(address(model, "changelist")), data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def listed(client, model=Question, **query):
    return list(client.get(reverse(address(model, "changelist")), query).context["cl"].result_list)


def stored(row):
    return type(row).objects.get(pk=row.pk)


def test_a_teacher_sees_the_questions_of_the_own_courses(teacher, world):
    other = make_question(make_course(world.course.stage))

    assert listed(teacher) == [world[Question]]
    assert listed(teacher, Answer) == [world[Answer]]
    assert teacher.get(reverse(address(Question, "change"), args=[other.pk])).status_code == 302


def test_a_mentor_sees_none(client, world):
    client.force_login(make_staff_role(world.camp, role=StaffRole.Role.MENTOR).user)

    assert client.get(reverse(address(Question, "changelist"))).status_code == 403


def test_questions_are_filtered(client, world):
    client.force_login(world.organizer)
    Question.objects.all().delete()
    rows = {
        "open": make_question(world.course),
        "answered": make_question(world.course, answered_at=timezone.now()),
        "hidden": make_question(world.course, is_hidden=True),
        "pinned": make_question(world.course, is_pinned=True, answered_at=timezone.now()),
    }

    assert listed(client, state="open") == [rows["open"]]
    assert set(listed(client, state="answered")) == {rows["answered"], rows["pinned"]}
    assert listed(client, is_hidden__exact="1") == [rows["hidden"]]
    assert listed(client, is_pinned__exact="1") == [rows["pinned"]]
    assert len(listed(client, course__id__exact=str(world.course.pk))) == 4


def test_a_question_is_read_with_its_answers_and_never_edited(teacher, world):
    response = teacher.get(reverse(address(Question, "change"), args=[world[Question].pk]))

    assert "Otter answer" in response.text
    assert 'name="_save"' not in response.text
    edited = teacher.post(reverse(address(Question, "change"), args=[world[Question].pk]), {"title": "Mine"})
    assert (edited.status_code, stored(world[Question]).title) == (403, "Otter question of a student")


def test_a_question_costs_the_same_with_more_answers(teacher, world):
    url = reverse(address(Question, "change"), args=[world[Question].pk])
    teacher.get(url)
    with CaptureQueriesContext(connection) as one:
        teacher.get(url)
    make_answer(world[Question])
    make_answer(world[Question])

    with CaptureQueriesContext(connection) as three:
        teacher.get(url)

    assert len(three) == len(one)


def test_pin_and_unpin_ask_first(teacher, world):
    page = act(teacher, Question, "pin", [world[Question]])
    assert page.templates[0].name == "admin/decide.html"
    assert stored(world[Question]).is_pinned is False

    assert told(act(teacher, Question, "pin", [world[Question]], confirmed="yes")) == ["Done for 1."]
    assert stored(world[Question]).is_pinned is True

    again = told(act(teacher, Question, "pin", [world[Question]], confirmed="yes"))
    assert again == [f"{world[Question]}: This question is pinned already."]

    act(teacher, Question, "unpin", [world[Question]], confirmed="yes")
    assert stored(world[Question]).is_pinned is False


@pytest.mark.parametrize("model", [Question, Answer])
def test_hide_wants_a_reason_and_tells_the_author(teacher, world, model):
    row = world[model]
    act(teacher, model, "hide", [row], confirmed="yes", reason=" ")
    assert stored(row).is_hidden is False

    messages = told(act(teacher, model, "hide", [row], confirmed="yes", reason="Off topic."))

    assert messages == ["Done for 1."]
    assert (stored(row).is_hidden, stored(row).hidden_reason) == (True, "Off topic.")
    assert Notice.objects.of(row.author).filter(kind="classrooms/question_hidden").count() == 1

    act(teacher, model, "show", [row], confirmed="yes")
    assert stored(row).is_hidden is False


@pytest.mark.parametrize("action", ["pin", "unpin", "hide", "show"])
def test_a_question_of_another_course_is_not_decided_on(teacher, world, action):
    other = make_question(make_course(world.course.stage))

    messages = told(act(teacher, Question, action, [other], confirmed="yes", reason="Mine."))

    assert "Done for 1." not in messages
    assert (stored(other).is_pinned, stored(other).is_hidden) == (False, False)


def test_the_first_page_counts_questions_without_an_answer(teacher, world):
    make_question(world.course, answered_at=timezone.now())
    make_question(world.course, is_hidden=True)
    make_question(make_course(world.course.stage))

    needs = {str(need.title): need for need in teacher.get(reverse("admin:index")).context["needs"]}

    need = needs["Questions without an answer"]
    assert need.count == 1
    assert list(teacher.get(need.url).context["cl"].result_list) == [world[Question]]
