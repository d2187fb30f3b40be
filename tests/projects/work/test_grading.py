from datetime import timedelta

import pytest

from camp.enrollment import services as enrollment_services
from camp.notices.models import Notice
from camp.projects.errors import ProjectError
from camp.projects.models import ConflictOfInterest, Evaluation
from camp.projects.work import grading, reviews
from tests.concurrency import row_held, waits
from tests.factories import make_staff_role, make_superuser, make_user
from tests.project_factories import make_mentor, make_placement, make_project_student, make_round, make_team
from tests.projects.working import Work, changes, kinds


@pytest.fixture
def work(db):
    return Work()


def declare_conflict(work, enrollment, mentor=None):
    ConflictOfInterest.objects.create(mentor=mentor or work.mentor, enrollment=enrollment, declared_by=work.organizer)


# Proposing.


def test_propose_evaluates_each_member(work):
    made = work.propose(at=work.now)

    assert [one.enrollment for one in made] == [work.lead, work.member]
    rows = Evaluation.objects.values_list("points", "proposed_grade", "comment", "proposed_by", "proposed_at", "grade")
    assert set(map(str, rows)) == {
        str(({"code": 4, "report": 5}, "pass", "Well done.", work.mentor.user.pk, work.now, ""))
    }
    assert changes(made[0]) == [(work.mentor.user, None)]


def test_propose_differs_for_a_member(work):
    work.propose(per_member={work.member.pk: {"grade": "fail", "comment": "You were not there."}})

    assert list(Evaluation.objects.order_by("enrollment_id").values_list("proposed_grade", "comment")) == [
        ("pass", "Well done."),
        ("fail", "You were not there."),
    ]


def test_propose_for_some_members_leaves_the_others(work):
    work.propose(members=[work.member.pk])

    assert [one.enrollment for one in Evaluation.objects.all()] == [work.member]


def test_propose_again_replaces_what_is_not_confirmed(work):
    work.propose()

    work.propose(grade="excellent")

    assert list(Evaluation.objects.values_list("proposed_grade", flat=True)) == ["excellent", "excellent"]
    assert Evaluation.objects.first().history.count() == 2


def test_propose_is_for_co_mentors_and_organizers_too(work):
    helper = make_mentor(work.stage)
    work.project.co_mentors.add(helper)

    work.propose(by=helper.user)
    work.propose(by=work.organizer)
    work.propose(by=make_superuser())

    assert Evaluation.objects.count() == 2


def test_propose_by_others_is_refused(work):
    other, teacher = make_mentor(work.stage), make_user()
    make_staff_role(work.camp, user=teacher, role="teacher")

    for user in (other.user, teacher, work.lead.student, make_user()):
        with pytest.raises(ProjectError, match="Only the mentors of a project"):
            work.propose(by=user)


def test_propose_by_a_mentor_who_lost_every_role_is_refused(work):
    work.mentor.user.staff_roles.all().delete()

    with pytest.raises(ProjectError, match="Only the mentors of a project"):
        work.propose()


def test_propose_leaves_out_a_student_of_the_mentors_own(work):
    declare_conflict(work, work.member)

    work.propose()

    assert [one.enrollment for one in Evaluation.objects.all()] == [work.lead]


def test_propose_for_a_student_of_ones_own_is_refused(work):
    declare_conflict(work, work.member)

    with pytest.raises(ProjectError, match="Bob: You have a conflict of interest"):
        work.propose(members=[work.lead.pk, work.member.pk])
    with pytest.raises(ProjectError, match="Bob: You have a conflict of interest"):
        work.propose(per_member={work.member.pk: {"grade": "excellent"}})

    assert Evaluation.objects.count() == 0


def test_propose_for_students_of_ones_own_alone_is_refused(work):
    declare_conflict(work, work.lead)
    declare_conflict(work, work.member)

    with pytest.raises(ProjectError, match="nobody in this team whom you can evaluate"):
        work.propose()


def test_an_organizer_evaluates_whom_the_mentor_must_not(work):
    declare_conflict(work, work.member)

    work.propose(by=work.organizer, members=[work.member.pk])

    assert Evaluation.objects.get().proposed_by == work.organizer


def test_nobody_evaluates_themselves(work):
    make_staff_role(work.camp, user=work.lead.student)

    work.propose(by=work.lead.student)

    assert [one.enrollment for one in Evaluation.objects.all()] == [work.member]


@pytest.mark.parametrize("points", [{}, {"code": 4}, {"code": 6, "report": 5}, {"code": 4, "report": 5, "x": 1}])
def test_propose_with_other_points_than_the_rubrics_is_refused(work, points):
    with pytest.raises(ProjectError, match="Give points for each criterion"):
        work.propose(points=points)


def test_propose_of_an_unknown_grade_is_refused(work):
    with pytest.raises(ProjectError, match="Choose a grade"):
        work.propose(grade="brilliant")


def test_propose_for_a_stranger_to_the_team_is_refused(work):
    stranger = make_project_student(work.stage, at=work.now)

    with pytest.raises(ProjectError, match="not in this team"):
        work.propose(members=[stranger.pk])


def test_propose_after_the_confirmation_is_refused(work):
    evaluation = work.confirmed()

    with pytest.raises(ProjectError, match="Ada: The grade is confirmed"):
        work.propose(grade="fail", members=[evaluation.enrollment_id])


def test_propose_without_a_project_is_refused(work):
    team = make_team(work.stage, at=work.now)
    work.placement = make_placement(make_round(work.stage, at=work.now, number=2), team)

    with pytest.raises(ProjectError, match="has no project"):
        work.propose()


def test_who_left_after_the_hand_in_is_evaluated(work):
    work.hand_in(at=None)
    work.team.members.filter(enrollment=work.member).delete()

    assert [one.enrollment for one in work.propose()] == [work.lead, work.member]


def test_who_left_before_the_hand_in_is_not_evaluated(work):
    work.team.members.filter(enrollment=work.member).delete()
    work.hand_in(at=None)

    assert [one.enrollment for one in work.propose()] == [work.lead]


# Confirming and publishing.


def test_confirm_takes_the_proposed_grade(work):
    evaluation = work.confirmed("excellent")

    assert (evaluation.grade, evaluation.confirmed_by, evaluation.is_published) == ("excellent", work.organizer, False)
    assert changes(evaluation) == [(work.mentor.user, None), (work.organizer, None)]
    assert kinds(work.lead.student) == []


def test_confirm_of_another_grade_keeps_the_reason(work):
    evaluation = grading.confirm(work.propose()[0], by=work.organizer, grade="excellent", reason="Best of the camp.")

    assert (evaluation.grade, evaluation.proposed_grade, evaluation.reason) == (
        "excellent",
        "pass",
        "Best of the camp.",
    )
    assert changes(evaluation)[-1] == (work.organizer, "Best of the camp.")


def test_confirm_of_another_grade_without_a_reason_is_refused(work):
    with pytest.raises(ProjectError, match="Give a reason"):
        grading.confirm(work.propose()[0], by=work.organizer, grade="excellent", reason=" ")


def test_confirm_again_is_refused(work):
    stale = work.propose()[0]
    grading.confirm(stale, by=work.organizer)

    with pytest.raises(ProjectError, match="confirmed already"):
        grading.confirm(stale, by=work.organizer)


def test_confirm_without_a_proposal_is_refused(work):
    evaluation = Evaluation.objects.create(placement=work.placement, enrollment=work.lead)

    with pytest.raises(ProjectError, match="No mentor has proposed"):
        grading.confirm(evaluation, by=work.organizer, grade="pass")


def test_confirm_of_a_published_grade_is_refused(work):
    evaluation = work.published()

    with pytest.raises(ProjectError, match="Change it, with a reason"):
        grading.confirm(evaluation, by=work.organizer, grade="fail", reason="x")


def test_confirm_where_the_organizer_has_a_conflict_is_refused(work):
    evaluation = work.propose()[0]
    make_staff_role(work.camp, user=work.lead.student)

    with pytest.raises(ProjectError, match="Another organizer decides"):
        grading.confirm(evaluation, by=work.lead.student)


def test_publish_tells_each_student(work):
    rows = [grading.confirm(one, by=work.organizer) for one in work.propose()]

    grading.publish(rows, by=work.organizer, at=work.now)

    assert list(Evaluation.objects.values_list("published_at", flat=True)) == [work.now, work.now]
    assert kinds(work.lead.student) == ["projects/graded"]
    notice = Notice.objects.get(recipient=work.member.student, kind="projects/graded")
    assert notice.title == "Your grade for “Faster tiles”: pass"
    assert notice.body.startswith("Your mentor wrote:\nWell done.\n")
    assert notice.mail.to == work.member.student.email


def test_publish_of_an_unconfirmed_grade_is_refused_and_publishes_none(work):
    confirmed, proposed = work.confirmed(), Evaluation.objects.get(enrollment=work.member)

    with pytest.raises(ProjectError, match="confirms a grade before"):
        grading.publish([confirmed, proposed], by=work.organizer)

    assert Evaluation.objects.published().count() == 0


def test_publish_again_is_refused(work):
    evaluation = work.published()

    with pytest.raises(ProjectError, match="published already"):
        grading.publish([evaluation], by=work.organizer)


def test_change_publishes_anew_and_tells(work):
    evaluation = work.published()

    changed = grading.change(evaluation, by=work.organizer, grade="excellent", reason="The merge came.", at=work.now)

    assert (changed.grade, changed.published_at, changed.reason) == ("excellent", work.now, "The merge came.")
    assert changes(changed)[-1] == (work.organizer, "The merge came.")
    assert sorted(kinds(work.lead.student)) == ["projects/grade_changed", "projects/graded"]


def test_change_before_the_publication_tells_nobody(work):
    changed = grading.change(work.confirmed(), by=work.organizer, grade="fail", reason="A mistake.")

    assert (changed.grade, changed.is_published) == ("fail", False)
    assert kinds(work.lead.student) == []


def test_change_needs_a_reason_a_grade_and_another_one(work):
    evaluation = work.published()

    for words, refusal in [
        ({"grade": "fail", "reason": "\u200b"}, "Give a reason"),
        ({"grade": "x", "reason": "x"}, "Choose a grade"),
        ({"grade": "pass", "reason": "x"}, "has already"),
    ]:
        with pytest.raises(ProjectError, match=refusal):
            grading.change(evaluation, by=work.organizer, **words)


def test_change_before_the_confirmation_is_refused(work):
    with pytest.raises(ProjectError, match="not confirmed yet"):
        grading.change(work.propose()[0], by=work.organizer, grade="fail", reason="x")


def test_a_long_reason_is_kept_whole_in_the_row_and_shortened_in_the_history(work):
    changed = grading.change(work.published(), by=work.organizer, grade="fail", reason="x" * 250)

    assert (len(changed.reason), len(changes(changed)[-1][1])) == (250, 100)


def test_a_student_who_left_is_told_their_grade_all_the_same(work):
    evaluation = work.confirmed()
    enrollment_services.remove(work.lead, by=work.organizer, reason="x", at=work.now + timedelta(minutes=1))

    grading.publish([evaluation], by=work.organizer)

    assert kinds(work.lead.student) == ["projects/graded"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_evaluating_waits_for_the_placement_and_deciding_for_the_evaluation():
    work = Work()
    evaluation = work.propose()[0]

    with row_held(work.placement):
        assert waits(work.propose)
    with row_held(evaluation):
        assert waits(lambda: grading.confirm(evaluation, by=work.organizer))
        assert waits(lambda: reviews.ask_review(evaluation, by=work.lead.student, text="x"))
