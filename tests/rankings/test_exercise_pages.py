"""The exercises of a course: for a student, for its teachers, and how staff rename one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.rankings.exercise_picture import picture_of
from camp.rankings.models import Exercise
from camp.rankings.results import with_losses
from tests.admin_world import in_english
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_exercises,
    make_identity,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def course():
    course = make_course(make_stage(make_running_camp()), number=1, max_points=3)
    make_exercises(course, 3)
    return course


@pytest.fixture
def enrollment(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")
    return enrollment


def told(*passed, failed=()):
    results = [(number, True) for number in passed] + [(number, False) for number in failed]
    return [{"exercise": f"exercise{number:02}", "passed": outcome} for number, outcome in results]


def stops_of(course):
    return reverse("rankings:stops", args=[*course.camp.address, course.number])


def tab(client, course):
    return client.get(course.get_absolute_url(), {"tab": "exercises"})


def teacher_of(course, *, role=StaffRole.Role.TEACHER, narrowed_to=None):
    held = make_staff_role(course.camp, role=role)
    if narrowed_to:
        narrowed_to.staff.add(held)
    return held.user


def add(course, results):
    return make_standing(course, make_enrollment(course.camp, at=timezone.now()), points=1, results=results)


# The student's tab.


def test_the_missing_exercises_come_first(client, course, enrollment):
    make_attempt(course, login="octo", at=timezone.now(), results=told(0, failed=[1]))
    client.force_login(enrollment.student)

    response = tab(client, course)

    assert "<strong>2 exercises are missing</strong>" in response.text
    assert [(line.number, line.state.label) for line in response.context["own_results"].missing] == [
        (2, "not passed yet"),
        (3, "not in your uploads"),
    ]
    assert "1 exercise passed" in response.text


def test_who_has_passed_all_is_told_so(client, course, enrollment):
    make_attempt(course, login="octo", at=timezone.now(), results=told(0, 1, 2))
    client.force_login(enrollment.student)

    assert "no exercise is missing" in tab(client, course).text


def test_without_results_the_student_reads_where_they_come_from(client, course, enrollment):
    client.force_login(enrollment.student)

    response = tab(client, course)

    assert response.context["own_results"] is None
    assert "is known as soon as an upload says it" in response.text


def test_strangers_see_the_bare_list(client, course):
    response = tab(client, course)

    assert "exercise02" in response.text
    assert "is known as soon as an upload says it" not in response.text
    assert stops_of(course) not in response.text


# The page of the teachers.


def test_teachers_see_where_people_are_stopped(client, course):
    add(course, told(0, 1, failed=[2]))
    add(course, told(0, failed=[1, 2]))
    add(course, told(0, failed=[1, 2]))
    client.force_login(teacher_of(course))

    response = client.get(stops_of(course))

    assert [(count.passed, count.of, count.lost) for count in response.context["counts"]] == [
        (3, 3, 0),
        (1, 3, 2),
        (0, 3, 1),
    ]
    assert "Most are lost at exercise 2, exercise01: 2 people fewer than before it." in response.text
    assert "<title id=" in response.text
    assert response.text.count('class="steepest"') == 1


@pytest.mark.parametrize(
    ("results", "words"),
    [([], "No results of single exercises yet"), (told(0, 1, 2), "Nobody is stopped by any exercise.")],
    ids=["no results", "all passed"],
)
def test_the_page_says_when_there_is_nothing_to_mark(client, course, results, words):
    add(course, results)
    client.force_login(teacher_of(course))

    response = client.get(stops_of(course))

    assert words in response.text
    assert 'class="steepest"' not in response.text


def test_a_course_without_exercises_says_how_they_come(client, course):
    course.exercises.all().delete()
    client.force_login(teacher_of(course))

    assert "No list of exercises" in client.get(stops_of(course)).text


def test_the_page_costs_the_same_for_one_person_and_for_three(client, course, django_assert_max_num_queries):
    client.force_login(teacher_of(course))
    client.get(stops_of(course))
    queries = []
    for people in (1, 2):
        for _one in range(people):
            add(course, told(0))
        with django_assert_max_num_queries(40) as asked:
            client.get(stops_of(course))
        queries.append(len(asked))

    assert queries[0] == queries[1]


def test_the_page_is_for_those_who_teach_the_course(client, course):
    other = make_course(course.stage, number=2)
    may = [
        make_superuser(), teacher_of(course, role=StaffRole.Role.ORGANIZER), teacher_of(course, narrowed_to=course),
        teacher_of(course, role=StaffRole.Role.ASSISTANT),
    ]  # fmt: skip
    may_not = [make_student(), make_enrollment(course.camp, at=timezone.now()).student, make_user(),
               teacher_of(course, narrowed_to=other), teacher_of(make_course())]  # fmt: skip

    answers = []
    for user in [*may, *may_not]:
        client.force_login(user)
        answers.append((client.get(stops_of(course)).status_code, stops_of(course) in tab(client, course).text))

    assert answers == [(200, True)] * len(may) + [(404, False)] * len(may_not)


def test_the_page_asks_to_sign_in(client, course):
    assert client.get(stops_of(course)).headers["Location"].startswith("/accounts/login/")


# The picture.


def test_a_column_is_as_high_as_the_share_that_passed():
    columns = picture_of(with_losses([("a", 1000), ("b", 500), ("c", 1), ("d", 0)], 1000)).columns

    assert [column.height for column in columns] == [120, 60, 2, 0]
    assert [column.y + column.height for column in columns] == [140] * 4


def test_at_most_eight_numbers_stand_below_however_many_exercises():
    for number in (1, 8, 9, 94, 1000):
        labels = [column.label for column in picture_of(with_losses([("x", 1)] * number, 1)).columns if column.label]
        assert labels[0] == "1"
        assert len(labels) <= 8


def test_nobody_and_nothing_make_an_empty_picture():
    assert picture_of([]).columns == picture_of(with_losses([("a", 0)], 0)).columns == ()


# Renaming.


def form_of(exercise, **changes):
    former = "\n".join(exercise.former_names)
    values = {"course": exercise.course_id, "name": exercise.name, "position": exercise.position}
    return values | {"former_names": former} | changes


def rename(client, exercise, **changes):
    return client.post(reverse("admin:rankings_exercise_change", args=[exercise.pk]), form_of(exercise, **changes))


def stored(course):
    return [(exercise.name, exercise.former_names) for exercise in course.exercises.all()]


@pytest.fixture
def staff(client, course):
    client.force_login(teacher_of(course, role=StaffRole.Role.ORGANIZER))
    return client


def test_renaming_in_the_admin_keeps_the_former_name(staff, course):
    first = course.exercises.first()

    rename(staff, first, name="hello")
    rename(staff, Exercise.objects.get(pk=first.pk), name="world")

    assert stored(course)[0] == ("world", ["exercise00", "hello"])


def test_renaming_from_a_stale_page_keeps_the_name_that_was_stored(staff, course):
    stale = course.exercises.first()
    rename(staff, stale, name="hello")

    rename(staff, stale, name="world")

    assert stored(course)[0] == ("world", ["hello"])


def test_a_former_name_can_be_taken_off(staff, course):
    first = course.exercises.first()
    rename(staff, first, name="hello")

    rename(staff, Exercise.objects.get(pk=first.pk), former_names="")

    assert stored(course)[0] == ("hello", [])


def test_former_names_are_typed_one_on_each_line(staff, course):
    rename(staff, course.exercises.first(), former_names=" old \r\n\r\nolder\nold\nexercise00")

    assert stored(course)[0] == ("exercise00", ["old", "older"])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "old"}, "name", "“old” is or was the name of the exercise “exercise01”. Choose another."),
        ({"former_names": "exercise01"}, "former_names", "“exercise01” is or was the name of the exercise"),
        ({"former_names": "fine\nold"}, "former_names", "“old” is or was the name of the exercise “exercise01”."),
        ({"former_names": "x" * 121}, "former_names", "Write each name on a line of its own"),
        ({"name": ""}, "name", "This field is required."),
    ],
)
def test_a_name_of_another_exercise_is_refused_and_the_form_kept(staff, course, changes, field, sentence):
    Exercise.objects.filter(name="exercise01").update(former_names=["old"])

    response = rename(staff, course.exercises.first(), **changes)

    form = response.context["adminform"].form
    assert form.errors[field][0].startswith(sentence)
    assert form.data[field] == changes[field]
    assert stored(course)[0] == ("exercise00", [])


def inline_of(course, *rows):
    """What the page of the course posts for its exercises; the rest is the course as it is."""
    data = {"exercises-TOTAL_FORMS": len(rows), "exercises-INITIAL_FORMS": sum(1 for pk, _name in rows if pk)}
    for place, (pk, name) in enumerate(rows):
        data |= {
            f"exercises-{place}-id": pk or "", f"exercises-{place}-course": course.pk,
            f"exercises-{place}-name": name, f"exercises-{place}-position": place,
        }  # fmt: skip
    return data


def save_course(client, course, *rows):
    values = {"stage": course.stage_id, "number": course.number, "name": course.name, "camp": course.camp_id,
              "upload_id": course.upload_id, "max_points": course.max_points, "counts": course.counts}  # fmt: skip
    address = reverse("admin:stages_course_change", args=[course.pk])
    return client.post(address, values | inline_of(course, *rows))


def test_renaming_on_the_page_of_the_course_keeps_the_former_name(staff, course):
    first, second, third = course.exercises.all()
    first.former_names = ["oldest"]
    first.save()

    response = save_course(staff, course, (first.pk, "hello"), (second.pk, second.name), (third.pk, third.name))

    assert response.status_code == 302, response.context["errors"]
    assert stored(course) == [("hello", ["oldest", "exercise00"]), ("exercise01", []), ("exercise02", [])]


def test_a_new_exercise_does_not_take_a_former_name(staff, course):
    Exercise.objects.filter(name="exercise01").update(former_names=["old"])

    rows = [(exercise.pk, exercise.name) for exercise in course.exercises.all()]
    response = save_course(staff, course, *rows, (None, "old"))

    assert "“old” is or was the name of the exercise “exercise01”." in response.text
    assert course.exercises.count() == 3


def test_the_page_of_the_course_leads_to_the_picture(staff, course):
    response = staff.get(reverse("admin:stages_course_change", args=[course.pk]))

    assert stops_of(course) in response.text
