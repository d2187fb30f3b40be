"""A season of three students, four logins and two courses, in which anything may happen in any order."""

from contextlib import suppress
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.accounts.services import AccountError
from camp.enrollment import services as enrollment_services
from camp.enrollment.services import EnrollmentError
from camp.rankings import boards, corrections, course_changes, frozen_copy, histogram, rebuild, services
from camp.rankings.boards import BoardError
from camp.rankings.corrections import CorrectionError
from camp.rankings.models import Attempt, Correction, FrozenStanding, Standing
from camp.rankings.queries import place_of
from camp.rankings.services import UploadError
from camp.rankings.uploads import proven
from camp.stages import services as stages
from camp.stages.models import Course, CourseProgress, Participation
from camp.stages.services import StageError
from tests.factories import (
    NOW,
    make_camp,
    make_claims,
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_report,
    make_requirement,
    make_stage,
    make_superuser,
    make_token,
    make_upload,
)
from tests.rankings import plain

REFUSALS = (AccountError, EnrollmentError, CorrectionError, BoardError, UploadError, StageError)
LOGINS = ["ada", "bo", "cy", "di"]
people, logins, courses = st.integers(0, 2), st.sampled_from(LOGINS), st.integers(0, 1)
any_row = st.integers(0, 50)


@dataclass
class World:
    """Two courses of one stage, the second of which asks for proof, and a stage for full marks in the first."""

    staff: object
    camp: object
    courses: list
    next_stage: object
    tokens: list
    enrollments: list


def make_world():
    camp = make_camp(registration_closes_at=NOW + timedelta(days=9))
    stage, next_stage = make_stage(camp, position=1), make_stage(camp, position=2)
    courses = [make_course(stage, max_points=10), make_course(stage, max_points=7, counts="proven")]
    make_requirement(next_stage, course=courses[0])
    for course in courses:
        make_exercises(course, int(course.max_points))
        make_grader(course)
    enrollments = [make_enrollment(camp, at=NOW) for _ in range(3)]
    make_identity(enrollments[0].student, login=LOGINS[0])
    return World(
        make_superuser(), camp, courses, next_stage, [make_token(each, at=NOW) for each in courses], enrollments
    )


def uid_of(login):
    return str(5000 + LOGINS.index(login))


class Season(RuleBasedStateMachine):
    """Each example begins with the same world, made once. Refusals are part of it: they change nothing."""

    world = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = NOW
        vars(self).update(vars(deepcopy(self.world)))

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act):
        """Carry out one act; a refusal must leave no trace of its own."""
        with suppress(*REFUSALS), transaction.atomic():
            act()

    @rule(minutes=st.sampled_from([0, 1, 40, 90]))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)

    @rule(login=logins, course=courses, points=st.integers(0, 11))
    def upload(self, login, course, points):
        upload = make_upload(self.courses[course], login=login, points=points)
        with suppress(UploadError):
            services.receive(upload, token=self.tokens[course], at=self.at)

    @rule(login=logins, course=courses, passed=st.integers(0, 7), run=st.integers(0, 9))
    def prove(self, login, course, passed, run):
        report = make_report(self.courses[course], passed=[f"exercise{n:02}" for n in range(passed)])
        number = LOGINS.index(login)
        claims = make_claims(actor=login, actor_id=uid_of(login), run_id=f"{number}{run}", jti=f"{login} {run}")
        with suppress(UploadError):
            proven.receive(report, claims, at=self.at)

    @rule(person=people, login=logins)
    def link_proven(self, person, login):
        student, uid = self.enrollments[person].student, uid_of(login)
        self.attempt(lambda: accounts.link_proven_login(student, channel="github", login=login, uid=uid, at=self.at))

    @rule(person=people, login=logins)
    def link(self, person, login):
        student = self.enrollments[person].student
        self.attempt(lambda: accounts.link_login(student, channel="github", login=login, at=self.at))

    @rule(row=any_row)
    def unlink(self, row):
        identity = self.any_of(Identity.objects.linked(), row)
        if identity:
            self.attempt(lambda: accounts.unlink_login(identity, at=self.at))

    @rule(person=people)
    def withdraw(self, person):
        enrollment = self.enrollments[person]
        self.attempt(lambda: enrollment_services.withdraw(enrollment, by=enrollment.student, at=self.at))

    @rule(person=people)
    def come_back(self, person):
        student = self.enrollments[person].student
        self.attempt(lambda: enrollment_services.apply(self.camp, student=student, at=self.at))

    @rule(person=people, course=courses, points=st.integers(-4, 4))
    def adjust(self, person, course, points):
        who, what = self.enrollments[person], self.courses[course]
        who.refresh_from_db()
        self.attempt(lambda: corrections.adjust(who, what, points=points, by=self.staff, reason="x", at=self.at))

    @rule(row=any_row)
    def disqualify(self, row):
        attempt = self.any_of(Attempt.objects.all(), row)
        if attempt:
            self.attempt(lambda: corrections.disqualify(attempt, by=self.staff, reason="x", at=self.at))

    @rule(row=any_row, course=courses)
    def move(self, row, course):
        attempt, to = self.any_of(Attempt.objects.all(), row), self.courses[course]
        if attempt:
            self.attempt(lambda: corrections.move(attempt, to_course=to, by=self.staff, reason="x", at=self.at))

    @rule(row=any_row, person=people)
    def give_login(self, row, person):
        identity, student = self.any_of(Identity.objects.all(), row), self.enrollments[person].student
        if identity:
            give = {"to": student, "by": self.staff, "reason": "x", "at": self.at}
            self.attempt(lambda: corrections.give_login(identity, **give))

    @rule(row=any_row)
    def take_back(self, row):
        line = self.any_of(Correction.objects.in_force(), row)
        if line:
            self.attempt(lambda: corrections.revert(line, by=self.staff, reason="x", at=self.at))

    @rule(course=courses, minutes=st.sampled_from([0, 30]))
    def freeze(self, course, minutes):
        moment = self.at + timedelta(minutes=minutes)
        self.attempt(lambda: boards.freeze(self.courses[course], by=self.staff, moment=moment, at=self.at))

    @rule(course=courses)
    def lift(self, course):
        self.attempt(lambda: boards.lift(self.courses[course], by=self.staff, at=self.at))

    @rule(course=courses)
    def copy_a_part(self, course):
        """As far as somebody came who began to freeze a board."""
        with transaction.atomic():
            frozen_copy.part(boards.lock(self.courses[course], at=self.at))

    @rule(course=courses, maximum=st.sampled_from([4, 7, 10]))
    def change_maximum(self, course, maximum):
        self.change(course, max_points=Decimal(maximum))

    @rule(course=courses, counts=st.sampled_from(Course.Counts.values), minutes=st.sampled_from([None, -40, 0, 30]))
    def change_what_counts(self, course, counts, minutes):
        proof_from = None if minutes is None else self.at + timedelta(minutes=minutes)
        self.change(course, counts=counts, proof_from=proof_from)

    def change(self, number, **fields):
        """As the form of a course does."""
        course, before = self.courses[number], copy(self.courses[number])
        vars(course).update(fields)
        course.save()
        course_changes.follow(course, before, at=self.at)

    @rule(person=people)
    def revert_promotion(self, person):
        who, stage = self.enrollments[person], self.next_stage
        self.attempt(lambda: stages.revert(who, stage, by=self.staff, reason="x", at=self.at))

    @staticmethod
    def any_of(rows, number):
        rows = list(rows.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    @invariant()
    def all_is_as_the_rules_say(self):
        facts = plain.Facts()
        for course in self.courses:
            assert stored(Standing, course) == facts.places(course)
            self.readers_see_what_was_received_until_the_freeze(course, facts)
            self.histograms_count_the_standings(course)
            self.progress_is_what_counts(course, facts)

    def readers_see_what_was_received_until_the_freeze(self, course, facts):
        edition = boards.edition_for(course, at=self.at)
        until = edition.board.freezes_at if edition.has_freeze else None
        assert stored(edition.places.model, course) == facts.places(course, until=until)
        assert ranks_of(edition) == plain.ranks(edition.places.values_list("pk", "points", "reached_at", "pk"))

    def histograms_count_the_standings(self, course):
        for model in (Standing, FrozenStanding):
            counted = plain.stored_cells(course, is_frozen=model is FrozenStanding)
            rows = model.objects.filter(course=course)
            assert counted == plain.cells(rows, histogram.width_for(course.max_points))

    def progress_is_what_counts(self, course, facts):
        recorded = dict(CourseProgress.objects.filter(course=course).values_list("enrollment", "points"))
        for enrollment in self.enrollments:
            counts = facts.place_of(enrollment, course, is_for_promotion=True)
            assert recorded.get(enrollment.pk, 0) == (counts.points if counts else 0)

    @invariant()
    def who_has_full_marks_is_promoted_or_decided_on(self):
        full = CourseProgress.objects.filter(course=self.courses[0], points__gte=self.courses[0].max_points)
        active = full.filter(enrollment__status="active").values("enrollment")
        decided = Participation.objects.filter(stage=self.next_stage, enrollment__in=active)
        assert decided.count() == active.count()

    @rule()
    def a_rebuild_finds_nothing(self):
        assert rebuild.rebuild_standings(self.camp) == []


def stored(model, course):
    rows = model.objects.filter(course=course)
    return {row.enrollment_id: plain.Place(row.points, row.reached_at, row.best_id) for row in rows}


def ranks_of(edition):
    return {place.pk: place_of(place) for place in edition.places}
