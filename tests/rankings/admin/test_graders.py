"""Organizers name the workflows and commits that are believed, and the repositories of teams."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import StaffRole
from camp.enrollment.models import Enrollment
from camp.rankings.models import RegisteredRepository, ReviewedCommit, TrustedGrader
from camp.stages.models import Course, Stage
from tests.admin_world import World, address, in_english
from tests.factories import (
    REVIEWED,
    WORKFLOW,
    make_course,
    make_enrollment,
    make_grader,
    make_repository,
    make_running_camp,
    make_staff_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def staff(client, world):
    client.force_login(world.organizer)
    return in_english(client)


def form(course, *, workflow=WORKFLOW, ref="refs/heads/main", commits=(REVIEWED,)):
    data = {"course": course.pk, "workflow": workflow, "ref": ref, "is_active": "on"}
    prefix = "reviewed_commits"
    data |= {f"{prefix}-TOTAL_FORMS": len(commits), f"{prefix}-INITIAL_FORMS": 0}
    for number, commit in enumerate(commits):
        data |= {
            f"{prefix}-{number}-commit": commit,
            f"{prefix}-{number}-valid_from_0": "2024-07-01",
            f"{prefix}-{number}-valid_from_1": "00:00:00",
        }
    return data


def test_an_organizer_trusts_a_workflow_at_two_commits(staff, world):
    course = make_course(world[Stage])
    url = reverse(address(TrustedGrader, "add"))

    response = staff.post(url, form(course, commits=(REVIEWED, "b" * 40)))

    assert response.status_code == 302
    grader = TrustedGrader.objects.get(course=course)
    assert (grader.workflow, grader.ref, grader.is_active) == (WORKFLOW, "refs/heads/main", True)
    assert [grader.trusts(commit, at=timezone.now()) for commit in (REVIEWED, "b" * 40, "c" * 40)] == [
        True,
        True,
        False,
    ]
    assert grader.history.get().history_user == world.organizer


@pytest.mark.parametrize(
    "workflow",
    [
        "grade.yml",
        "harbour/grading/grade.yml@refs/heads/main",
        "harbour/grading/.github/workflows/grade.yml",
        "harbour/grading/.github/workflows/grade.yml@main",
        "harbour/grading/.github/workflows/grade.yml@x@refs/heads/main",
        "harbour/grading/.github/workflows/grade.yml@refs/heads/main@x",
        "https://github.com/harbour/grading/.github/workflows/grade.yml@refs/heads/main",
        "harbour/grading/.github/workflows/sub/grade.yml@refs/heads/main",
        "harbour/grading/.github/workflows/grade.txt@refs/heads/main",
    ],
)
def test_what_is_no_workflow_reference_is_refused(staff, world, workflow):
    course = make_course(world[Stage])

    response = staff.post(reverse(address(TrustedGrader, "add")), form(course, workflow=workflow))

    assert "workflow" in response.context["adminform"].form.errors
    assert not TrustedGrader.objects.filter(course=course).exists()


@pytest.mark.parametrize("ref", ["main", "refs/tags/v1", "refs/pull/1/merge", "refs/heads/"])
def test_what_is_no_branch_is_refused(staff, world, ref):
    response = staff.post(reverse(address(TrustedGrader, "add")), form(make_course(world[Stage]), ref=ref))

    assert "ref" in response.context["adminform"].form.errors


@pytest.mark.parametrize("commit", ["a" * 39, "A" * 40, "main", "g" * 40])
def test_what_is_no_full_commit_is_refused(staff, world, commit):
    response = staff.post(reverse(address(TrustedGrader, "add")), form(make_course(world[Stage]), commits=(commit,)))

    assert "commit" in response.context["inline_admin_formsets"][0].formset.errors[0]
    assert not ReviewedCommit.objects.filter(commit=commit).exists()


def test_the_course_of_another_camp_is_refused(staff):
    other = World("Zebra")[Course]

    response = staff.post(reverse(address(TrustedGrader, "add")), form(other))

    assert "course" in response.context["adminform"].form.errors


@pytest.mark.parametrize("model", [TrustedGrader, ReviewedCommit, RegisteredRepository])
def test_rows_of_another_camp_are_out_of_sight(staff, world, model):
    other = World("Zebra")[model]

    shown = staff.get(reverse(address(model, "changelist"))).context["cl"].result_list

    assert list(shown) == [world[model]]
    assert staff.get(reverse(address(model, "change"), args=[other.pk])).status_code in (302, 404)


@pytest.mark.parametrize("model", [TrustedGrader, ReviewedCommit, RegisteredRepository])
def test_teachers_do_not_decide_whom_to_believe(client, world, model):
    client.force_login(make_staff_role(world.camp, role=StaffRole.Role.TEACHER).user)

    assert client.get(reverse(address(model, "changelist"))).status_code == 403


def test_a_repository_is_registered_for_a_student_of_the_camp(staff, world):
    course, enrollment = world[Course], world[Enrollment]
    data = {"course": course.pk, "enrollment": enrollment.pk, "repository_id": "4711"}

    assert staff.post(reverse(address(RegisteredRepository, "add")), data).status_code == 302
    assert RegisteredRepository.objects.filter(repository_id="4711", enrollment=enrollment).count() == 1


def repositories():
    return list(RegisteredRepository.objects.filter(repository_id="4711").values_list("enrollment", flat=True))


def test_a_repository_of_a_team_is_registered_for_all_its_members_at_once(staff, world):
    members = [world[Enrollment], *(make_enrollment(world.camp, at=timezone.now()) for _each in range(2))]
    handles = f"{members[1].student.handle.upper()}，{members[2].student.handle} {members[0].student.handle}"
    data = {"course": world[Course].pk, "enrollment": members[0].pk, "repository_id": "4711", "others": handles}

    staff.post(reverse(address(RegisteredRepository, "add")), data)

    assert sorted(repositories()) == sorted(member.pk for member in members)


def test_who_is_not_in_the_camp_is_no_member(staff, world):
    stranger = make_enrollment(make_running_camp("other"), at=timezone.now()).student.handle
    data = {"course": world[Course].pk, "enrollment": world[Enrollment].pk, "repository_id": "4711"}

    response = staff.post(reverse(address(RegisteredRepository, "add")), data | {"others": f"{stranger} nobody"})

    assert stranger in response.context["adminform"].form.errors["others"][0]
    assert repositories() == []


@pytest.mark.parametrize("number", ["0", "-1", "007", "octo/homework", "1.5"])
def test_what_is_no_repository_id_is_refused(staff, world, number):
    data = {"course": world[Course].pk, "enrollment": world[Enrollment].pk, "repository_id": number}

    response = staff.post(reverse(address(RegisteredRepository, "add")), data)

    assert "repository_id" in response.context["adminform"].form.errors


def test_a_student_of_another_camp_is_refused(staff, world):
    elsewhere = World("Zebra")[Enrollment]
    data = {"course": world[Course].pk, "enrollment": elsewhere.pk, "repository_id": "4711"}

    response = staff.post(reverse(address(RegisteredRepository, "add")), data)

    assert "enrollment" in response.context["adminform"].form.errors


def test_the_database_keeps_each_workflow_commit_and_repository_once(world):
    grader, enrollment = make_grader(world[Course]), world[Enrollment]
    make_repository(grader.course, enrollment, "4711")
    again = [
        lambda: TrustedGrader.objects.create(course=grader.course, workflow=grader.workflow),
        lambda: ReviewedCommit.objects.create(grader=grader, commit=REVIEWED),
        lambda: make_repository(grader.course, enrollment, "4711"),
    ]

    for make in again:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_the_database_refuses_a_commit_that_ends_before_it_begins(world):
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewedCommit.objects.create(grader=world[TrustedGrader], commit="d" * 40, valid_from=now, valid_until=now)


def test_a_trailing_line_break_is_no_part_of_a_reference(world):
    grader = TrustedGrader(course=world[Course], workflow=WORKFLOW + "\n", ref="refs/heads/main\n")

    with pytest.raises(ValidationError) as refused:
        grader.full_clean()

    assert set(refused.value.message_dict) == {"workflow", "ref"}
