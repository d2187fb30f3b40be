"""Whatever happens in whatever order, what is stored is what the attempts and corrections come to."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from camp.accounts import services as accounts
from camp.accounts.models import Identity
from camp.accounts.services import AccountError
from camp.enrollment import services as enrollment_services
from camp.enrollment.services import EnrollmentError
from camp.rankings import boards, corrections, histogram, rebuild, services, standings
from camp.rankings.boards import BoardError
from camp.rankings.corrections import CorrectionError
from camp.rankings.models import Attempt, Correction, FrozenStanding, Standing
from camp.rankings.services import UploadError
from camp.stages.models import CourseProgress
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_superuser,
    make_token,
    make_upload,
)
from tests.rankings import plain

pytestmark = pytest.mark.django_db
REFUSALS = (AccountError, EnrollmentError, CorrectionError, BoardError, UploadError)
LOGINS = ["ada", "bo", "cy", "di"]
people, logins, courses = st.integers(0, 2), st.sampled_from(LOGINS), st.integers(0, 1)
any_row = st.integers(0, 50)


class Season(RuleBasedStateMachine):
    """Three students, four logins and two courses; refusals are part of it: they change nothing."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at, self.staff = NOW, make_superuser()
        self.camp = make_camp(registration_closes_at=NOW + timedelta(days=9))
        stage = make_stage(self.camp, position=1)
        self.courses = [make_course(stage, max_points=10), make_course(stage, max_points=7, counts="proven")]
        make_requirement(make_stage(self.camp, position=2), course=self.courses[0])
        self.tokens = [make_token(course, at=NOW) for course in self.courses]
        self.enrollments = [make_enrollment(self.camp, at=NOW) for _ in range(3)]
        make_identity(self.enrollments[0].student, login=LOGINS[0])

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

    @rule(row=any_row, course=courses, points=st.integers(0, 7))
    def prove(self, row, course, points):
        """A proven attempt as the proven API stores it."""
        identity = self.any_of(Identity.objects.linked(), row)
        active = identity and identity.user.enrollments.filter(camp=self.camp, status="active").first()
        if active is None:
            return
        fields = {"source": Attempt.Source.PROVEN, "identity": identity, "run_id": str(Attempt.objects.count())}
        with transaction.atomic():
            attempt = make_attempt(self.courses[course], login=identity.login, points=points, at=self.at, **fields)
            standings.improve(active, attempt)

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
            counts = facts.place_of(enrollment, course, needs_proof=course.counts == "proven")
            assert recorded.get(enrollment.pk, 0) == (counts.points if counts else 0)

    @rule()
    def a_rebuild_finds_nothing(self):
        assert rebuild.rebuild_standings(self.camp) == []


def stored(model, course):
    rows = model.objects.filter(course=course)
    return {row.enrollment_id: plain.Place(row.points, row.reached_at, row.best_id) for row in rows}


def ranks_of(edition):
    rows = histogram.with_place(edition.places).values_list("pk", "rank", "place")
    return {pk: (rank, place) for pk, rank, place in rows}


def test_everything_derived_equals_a_recomputation_after_any_sequence():
    quick = settings(
        max_examples=10,
        stateful_step_count=16,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(Season, settings=quick)
