"""Boards of thousands, made in a few statements: for tests that hold every rank against a plain sort."""

from datetime import timedelta

from camp.accounts.models import User
from camp.enrollment.models import Enrollment
from camp.rankings import boards, rebuild
from camp.rankings.models import Attempt, Standing
from camp.rankings.models.standing import hour_of
from tests.factories import NOW


def make_crowd(camp, number):
    """That many active students, named student0000 and so on."""
    names = [f"student{n:04}" for n in range(number)]
    users = [User(handle=name, handle_key=name, email=f"{name}@example.org", display_name=name) for name in names]
    users = User.objects.bulk_create(users)
    return Enrollment.objects.bulk_create(Enrollment(camp=camp, student=user, status="active") for user in users)


def make_standings(course, enrollments, results):
    """Let each stand with its (points, seconds), counted as a rebuild counts them."""
    Standing.objects.filter(course=course).delete()
    moments = [NOW + timedelta(seconds=seconds) for _points, seconds in results]
    attempts = [
        Attempt(course=course, channel="github", login=each.student.handle, login_key=each.student.handle,
                outcome="accepted", points=points, received_at=at)
        for each, (points, _seconds), at in zip(enrollments, results, moments, strict=True)
    ]  # fmt: skip
    attempts = Attempt.objects.bulk_create(attempts)
    Standing.objects.bulk_create(
        Standing(course=course, enrollment=each, points=attempt.points, reached_at=attempt.received_at, best=attempt,
                 reached_hour=hour_of(attempt.received_at))
        for each, attempt in zip(enrollments, attempts, strict=True)
    )  # fmt: skip
    board = boards.lock(course, at=NOW)
    rebuild.recount(board, width=board.range_width)
