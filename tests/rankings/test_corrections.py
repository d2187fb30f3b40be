"""What staff correct: the ledger, what follows from a line at once, and what follows from taking it back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from camp.enrollment import services as enrollment_services
from camp.rankings import boards, corrections, rebuild
from camp.rankings.corrections import CorrectionError
from camp.rankings.ledger import lines_of
from camp.rankings.models import Attempt, Board, Correction, FrozenStanding, Standing
from camp.rankings.queries import rank_of
from camp.stages.models import CourseProgress, Participation
from tests.concurrency import row_held, waits
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + HOUR


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


@pytest.fixture
def other(course):
    """A second course of the same camp."""
    return make_course(course.stage)


@pytest.fixture
def staff():
    return make_user("staff")


@pytest.fixture
def enrollment(course):
    return scoring(course, "octo", 20)


def scoring(course, login, points, *, at=NOW):
    """A student of the camp with one accepted upload."""
    enrollment = make_enrollment(course.camp, student=make_student(language="en"))
    make_identity(enrollment.student, login=login)
    make_attempt(course, login=login, points=points, at=at)
    rebuild.rebuild_standings(course.camp)
    return enrollment


def stored(enrollment, course):
    row = Standing.objects.filter(enrollment=enrollment, course=course).first()
    return row and row.points


def counting(enrollment, course):
    return CourseProgress.objects.get(enrollment=enrollment, course=course).points


def told(enrollment):
    return list(enrollment.student.notices.filter(kind__startswith="rankings/").order_by("id"))


def is_consistent(course):
    return rebuild.rebuild_standings(course.camp, repair=False) == []


def adjust(enrollment, course, points=5, **fields):
    defaults = {"by": None, "reason": "The grader was wrong.", "at": LATER}
    return corrections.adjust(enrollment, course, points=points, **defaults | fields)


def test_adjusted_points_count_at_once(course, enrollment, staff):
    line = adjust(enrollment, course, Decimal("2.5"), by=staff)

    assert (stored(enrollment, course), counting(enrollment, course)) == (Decimal("22.5"), Decimal("22.5"))
    assert (line.kind, line.made_by, line.made_at, line.reason) == ("adjusted", staff, LATER, "The grader was wrong.")
    assert is_consistent(course)


@pytest.mark.parametrize(("points", "shown"), [(-5, 15), (-50, 0), (50, 30)])
def test_points_stay_between_nothing_and_the_maximum(course, enrollment, points, shown):
    adjust(enrollment, course, points)

    assert stored(enrollment, course) == counting(enrollment, course) == shown
    assert is_consistent(course)


def test_adjustments_add_up(course, enrollment):
    adjust(enrollment, course, 4)
    adjust(enrollment, course, -1)

    assert stored(enrollment, course) == 23
    assert is_consistent(course)


def test_a_better_upload_is_adjusted_too(course, enrollment):
    adjust(enrollment, course, -5)
    make_attempt(course, login="octo", points=28, at=LATER + HOUR)

    rebuild.rebuild_standings(course.camp)

    assert stored(enrollment, course) == 23


def test_who_has_no_upload_stands_by_what_staff_gave(course):
    enrollment = make_enrollment(course.camp)

    adjust(enrollment, course, 7)

    standing = Standing.objects.get()
    assert (standing.points, standing.reached_at, standing.best) == (7, LATER, None)
    assert is_consistent(course)


def test_taking_points_from_nobody_shows_nothing(course):
    enrollment = make_enrollment(course.camp)

    adjust(enrollment, course, -7)

    assert not Standing.objects.exists()
    assert is_consistent(course)


def test_raised_points_promote_and_lowered_ones_take_nobody_out(course, enrollment):
    target = make_stage(course.camp)
    make_requirement(target, course=course)

    line = adjust(enrollment, course, 10)
    promoted = Participation.objects.admitted().filter(stage=target).count()
    corrections.revert(line, by=None, reason="A mistake.", at=LATER)

    assert promoted == 1
    assert Participation.objects.admitted().filter(stage=target).count() == 1
    assert counting(enrollment, course) == 20


def test_ranks_follow_at_once(course, enrollment):
    ahead = scoring(course, "ahead", 25)

    adjust(enrollment, course, 6)

    ranks = {row.enrollment: rank_of(row) for row in Standing.objects.all()}
    assert ranks == {enrollment: 1, ahead: 2}


def test_given_points_count_for_promotion_where_proof_is_needed(course, enrollment):
    course.counts = "proven"
    course.save()
    rebuild.rebuild_standings(course.camp)

    adjust(enrollment, course, 4)

    assert (stored(enrollment, course), counting(enrollment, course)) == (24, 4)
    assert is_consistent(course)


def test_the_course_is_read_anew(course, enrollment):
    """Somebody lowered the maximum since the caller looked."""
    type(course).objects.filter(pk=course.pk).update(max_points=22)

    adjust(enrollment, course, 5)

    assert stored(enrollment, course) == 22


def test_the_student_is_told_with_the_reason(course, enrollment):
    line = adjust(enrollment, course, Decimal("-2.50"))
    corrections.revert(line, by=None, reason="It was right.", at=LATER)

    made, reverted = told(enrollment)
    assert made.url == reverted.url == f"{course.get_absolute_url()}?tab=exercises"
    assert "Points taken off yours: 2.5" in made.body
    assert "The grader was wrong." in made.body
    assert "It was right." in reverted.body


@pytest.mark.parametrize("points", [0, Decimal("0.0001"), Decimal("1000001"), Decimal("-1000001")])
def test_points_that_are_none_are_refused(course, enrollment, points):
    with pytest.raises(CorrectionError, match="Say how many"):
        adjust(enrollment, course, points)

    assert not Correction.objects.exists()


def test_adjustments_cannot_add_up_without_end(course, enrollment):
    adjust(enrollment, course, 10**6)

    with pytest.raises(CorrectionError):
        adjust(enrollment, course, 1)


def test_points_of_another_camp_are_refused(enrollment):
    with pytest.raises(CorrectionError, match="another camp"):
        adjust(enrollment, make_course())


def test_a_course_without_homework_has_no_points(course, enrollment):
    with pytest.raises(CorrectionError, match="no homework"):
        adjust(enrollment, make_course(course.stage, max_points=0))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_correction_needs_a_reason(course, enrollment, reason):
    with pytest.raises(CorrectionError, match="reason"):
        adjust(enrollment, course, reason=reason)

    assert stored(enrollment, course) == 20


def test_points_of_somebody_who_left_meanwhile_are_refused(course, enrollment):
    enrollment_services.withdraw(type(enrollment).objects.get(), by=enrollment.student, at=NOW)

    with pytest.raises(CorrectionError, match="not enrolled"):
        adjust(enrollment, course)


def test_what_was_adjusted_waits_for_who_comes_back(course, enrollment):
    adjust(enrollment, course, 5)
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=LATER)
    gone = stored(enrollment, course)
    enrollment_services.apply(course.camp, student=enrollment.student, at=LATER)

    assert (gone, stored(enrollment, course)) == (None, 25)
    assert is_consistent(course)


def test_a_line_of_somebody_who_left_can_be_taken_back(course, enrollment):
    line = adjust(enrollment, course, 5)
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=LATER)

    corrections.revert(line, by=None, reason="A mistake.", at=LATER)

    assert counting(enrollment, course) == 20
    assert is_consistent(course)


def test_a_disqualified_upload_gives_way_to_the_next_best(course, enrollment, staff):
    make_attempt(course, login="octo", points=12, at=LATER)
    best = Attempt.objects.get(points=20)

    line = corrections.disqualify(best, by=staff, reason="Copied.", at=LATER)

    assert stored(enrollment, course) == counting(enrollment, course) == 12
    assert (line.kind, line.attempt, line.course) == ("disqualified", best, course)
    assert is_consistent(course)


def test_who_has_no_other_upload_leaves_the_board(course, enrollment):
    line = corrections.disqualify(Attempt.objects.get(), by=None, reason="Copied.", at=LATER)
    gone = stored(enrollment, course)
    corrections.revert(line, by=None, reason="It was their own.", at=LATER)

    assert (gone, stored(enrollment, course)) == (None, 20)
    assert [row.kind for row in told(enrollment)] == ["rankings/corrected", "rankings/correction_reverted"]
    assert is_consistent(course)


def test_an_upload_of_nobody_stays_disqualified_when_it_is_linked(course):
    attempt = make_attempt(course, login="Nobody", points=30)
    corrections.disqualify(attempt, by=None, reason="Copied.", at=LATER)
    enrollment = make_enrollment(course.camp)
    make_identity(enrollment.student, login="nobody")

    assert rebuild.rebuild_standings(course.camp) == []
    assert stored(enrollment, course) is None


def test_a_refused_upload_cannot_be_disqualified(course):
    attempt = make_attempt(course, outcome="refused", reason="malformed", points=None)

    with pytest.raises(CorrectionError, match="was refused"):
        corrections.disqualify(attempt, by=None, reason="x")


def test_an_upload_is_corrected_by_one_line_at_a_time(course, other, enrollment):
    attempt = Attempt.objects.get()
    corrections.disqualify(attempt, by=None, reason="Copied.", at=LATER)

    for act in (
        lambda: corrections.disqualify(attempt, by=None, reason="Again.", at=LATER),
        lambda: corrections.move(attempt, to_course=other, by=None, reason="Wrong course.", at=LATER),
    ):
        with pytest.raises(CorrectionError, match="corrected already"):
            act()

    assert Correction.objects.count() == len(told(enrollment)) == 1


def test_a_moved_upload_counts_in_its_new_course_alone(course, other, enrollment):
    line = corrections.move(Attempt.objects.get(), to_course=other, by=None, reason="Wrong course.", at=LATER)

    assert (stored(enrollment, course), stored(enrollment, other)) == (None, 20)
    assert Standing.objects.get().reached_at == NOW
    assert (line.course, line.to_course) == (course, other)
    assert [row.url for row in told(enrollment)] == [f"{other.get_absolute_url()}?tab=exercises"]
    assert is_consistent(course)


def test_a_move_that_is_taken_back_counts_where_it_came_in(course, other, enrollment):
    line = corrections.move(Attempt.objects.get(), to_course=other, by=None, reason="Wrong course.", at=LATER)

    corrections.revert(line, by=None, reason="It was right.", at=LATER)
    again = corrections.move(Attempt.objects.get(), to_course=other, by=None, reason="No.", at=LATER)
    corrections.revert(again, by=None, reason="Yes.", at=LATER)

    assert (stored(enrollment, course), stored(enrollment, other)) == (20, None)
    assert is_consistent(course)


def test_a_moved_upload_can_promote(course, other, enrollment):
    other.max_points = 20
    other.save()
    make_requirement(make_stage(course.camp), course=other)

    corrections.move(Attempt.objects.get(), to_course=other, by=None, reason="Wrong course.", at=LATER)

    assert Participation.objects.admitted().filter(stage__requirement_groups__isnull=False).count() == 1


@pytest.mark.parametrize("reason", ["outside_window", "above_maximum", "token_other"])
def test_a_refused_upload_with_a_right_token_can_be_moved(course, other, enrollment, reason):
    attempt = make_attempt(course, login="octo", points=25, outcome="refused", reason=reason)

    corrections.move(attempt, to_course=other, by=None, reason="Wrong course.", at=LATER)

    assert (stored(enrollment, course), stored(enrollment, other)) == (20, 25)
    assert is_consistent(course)


def test_a_late_upload_counts_when_it_is_moved_into_its_own_course(course, enrollment):
    attempt = make_attempt(course, login="octo", points=25, outcome="refused", reason="outside_window", at=LATER)

    line = corrections.move(attempt, to_course=course, by=None, reason="The camp's network was down.", at=LATER)
    moved = stored(enrollment, course)
    corrections.revert(line, by=None, reason="It was not.", at=LATER)

    assert (moved, stored(enrollment, course)) == (25, 20)
    assert is_consistent(course)


@pytest.mark.parametrize("reason", ["token_wrong", "token_expired", "too_many", "malformed"])
def test_what_nobody_vouched_for_cannot_be_moved(course, other, reason):
    attempt = make_attempt(course, outcome="refused", reason=reason)

    with pytest.raises(CorrectionError, match="another reason"):
        corrections.move(attempt, to_course=other, by=None, reason="x")


def test_what_names_no_course_cannot_be_moved(course):
    attempt = make_attempt(None, outcome="refused", reason="token_other")

    with pytest.raises(CorrectionError, match="within its camp"):
        corrections.move(attempt, to_course=course, by=None, reason="x")


def test_a_proven_score_cannot_be_moved(course, other, enrollment):
    identity = enrollment.student.identities.get()
    attempt = make_attempt(course, source="proven", identity=identity)

    with pytest.raises(CorrectionError, match="proven"):
        corrections.move(attempt, to_course=other, by=None, reason="x")


def test_a_move_must_fit_the_course(course, other, enrollment):
    attempt = Attempt.objects.get()
    type(other).objects.filter(pk=other.pk).update(max_points=10)

    for target, words in ((course, "already"), (make_course(), "within its camp"), (other, "more points")):
        with pytest.raises(CorrectionError, match=words):
            corrections.move(attempt, to_course=target, by=None, reason="x")


def test_a_proven_upload_that_is_disqualified_follows_its_identity(course, enrollment):
    identity = enrollment.student.identities.get()
    attempt = make_attempt(course, login="renamed", points=30, source="proven", identity=identity)
    rebuild.rebuild_standings(course.camp)

    corrections.disqualify(attempt, by=None, reason="Copied.", at=LATER)

    assert stored(enrollment, course) == 20
    assert is_consistent(course)


def test_a_line_is_taken_back_once(course, enrollment, staff):
    line = adjust(enrollment, course)
    corrections.revert(line, by=staff, reason="A mistake.", at=LATER)

    with pytest.raises(CorrectionError, match="taken back already"):
        corrections.revert(line, by=staff, reason="Again.", at=LATER)

    line.refresh_from_db()
    assert (line.reverted_by, line.reverted_at, line.revert_reason) == (staff, LATER, "A mistake.")


def test_taking_back_needs_a_reason(course, enrollment):
    line = adjust(enrollment, course)

    with pytest.raises(CorrectionError, match="reason"):
        corrections.revert(line, by=None, reason=" ")

    assert Correction.objects.in_force().count() == 1


def test_a_frozen_board_keeps_what_is_corrected_after_the_freeze(course, enrollment):
    boards.freeze(course, by=None, moment=LATER, at=NOW)

    line = adjust(enrollment, course, 5, at=LATER + HOUR)
    corrections.revert(line, by=None, reason="x", at=LATER + 2 * HOUR)
    corrections.disqualify(Attempt.objects.get(), by=None, reason="x", at=LATER + 3 * HOUR)

    assert FrozenStanding.objects.get().points == 20
    assert stored(enrollment, course) is None
    assert is_consistent(course)


def test_a_correction_bumps_the_board(course, enrollment):
    before = Board.objects.get(course=course)

    adjust(enrollment, course)

    after = Board.objects.get(course=course)
    assert (after.version > before.version, after.calls_back > before.calls_back) == (True, True)


def test_students_read_the_lines_that_concern_them(course, other, enrollment):
    somebody = scoring(course, "somebody", 3)
    moved = corrections.move(Attempt.objects.get(login="octo"), to_course=other, by=None, reason="x", at=LATER)
    given = adjust(enrollment, course, at=LATER + HOUR)
    adjust(somebody, course)

    assert list(lines_of(enrollment.student, course)) == [given, moved]
    assert list(lines_of(enrollment.student, other)) == [moved]
    assert list(lines_of(make_student(), course)) == []


WHOLE = {
    "adjusted": {"enrollment": True, "course": True, "points": 5},
    "disqualified": {"attempt": True, "course": True},
    "moved": {"attempt": True, "to_course": True},
    "merged": {"identity": True},
}


def line_of(course, enrollment, kind, fields):
    rows = {"course": course, "to_course": course, "enrollment": enrollment, "attempt": Attempt.objects.first()}
    rows["identity"] = enrollment.student.identities.get()
    named = {name: rows[name] if value is True else value for name, value in fields.items()}
    return Correction(kind=kind, **{"reason": "x"} | named)


@pytest.mark.parametrize("kind", WHOLE)
def test_the_database_wants_whole_lines(course, enrollment, kind):
    line_of(course, enrollment, kind, WHOLE[kind]).save()

    for name in WHOLE[kind]:
        part = {key: value for key, value in WHOLE[kind].items() if key != name}
        with pytest.raises(IntegrityError), transaction.atomic():
            line_of(course, enrollment, kind, part).save()


@pytest.mark.parametrize("wrong", [{"points": 0}, {"reason": ""}])
def test_the_database_refuses_empty_lines(course, enrollment, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        line_of(course, enrollment, "adjusted", WHOLE["adjusted"] | wrong).save()


def test_the_database_lets_one_line_correct_an_upload(course, enrollment):
    line_of(course, enrollment, "moved", WHOLE["moved"]).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        line_of(course, enrollment, "disqualified", WHOLE["disqualified"]).save()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_corrections_wait_for_the_students_row(course, other, enrollment):
    attempt = Attempt.objects.get()
    line = adjust(enrollment, course)

    with row_held(enrollment):
        assert waits(lambda: adjust(enrollment, course))
        assert waits(lambda: corrections.disqualify(attempt, by=None, reason="x"))
        assert waits(lambda: corrections.move(attempt, to_course=other, by=None, reason="x"))
        assert waits(lambda: corrections.revert(line, by=None, reason="x"))

    assert Correction.objects.in_force().count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taking_back_waits_for_the_line(course, enrollment):
    line = adjust(enrollment, course)

    with row_held(line):
        assert waits(lambda: corrections.revert(line, by=None, reason="x"))
