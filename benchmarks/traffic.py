"""What is asked: uploads of students who improve or repeat themselves, and board pages of signed-in students."""

import json
import random
from collections import deque
from itertools import cycle

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from benchmarks.pressure import get, post
from camp.rankings.models import Standing

STUDENTS = 60_000  # Enough of them that nobody runs out of points to win.
READERS = 400


class Uploads:
    """Endless uploads to a course, one stream for each connection; no student is in two streams.

    `improving`: how many of a hundred are a point more than the student had; the others repeat the last score.
    """

    def __init__(self, course, *, target, named, headers="", streams=10):
        self.course, self.target, self.named, self.headers = course, target, named, headers
        standings = Standing.objects.filter(course=course, points__lt=course.max_points - 1).order_by("best_id")
        students = list(standings.values_list("best__login", "points")[:STUDENTS])
        random.Random(4).shuffle(students)
        self.shares = [deque([login, int(points)] for login, points in students[n::streams]) for n in range(streams)]

    def streams(self, improving):
        return [self._stream(share, improving, random.Random(n)) for n, share in enumerate(self.shares)]

    def _stream(self, share, improving, dice):
        """Goes on where the last stream of this share ended, so that an improvement is one."""
        while share:
            student = share.popleft()
            student[1] += dice.random() * 100 < improving
            if student[1] < self.course.max_points:
                share.append(student)
            yield self._request(*student)
        raise RuntimeError("Nobody is left who could improve: make the rounds shorter.")

    def _request(self, login, points):
        body = {
            "channel": "github", "courseId": self.named, "ext": "aaa", "name": login, "score": points,
            "totalScore": int(self.course.max_points),
        }  # fmt: skip
        return post(self.target, json.dumps(body).encode(), headers=self.headers)


def camp_uploads(world):
    return Uploads(
        world.course, target="/web/api/courseRank/createByThirdToken", named=world.course.upload_id,
        headers=f"token: {world.token}\r\n",
    )  # fmt: skip


def bare_uploads(world):
    """To the other course of the camp, which nothing else reads: no histogram follows them."""
    return Uploads(world.other, target="/upload", named=world.other.pk)


def readers(course):
    """Enrollments spread over the whole board, with their students."""
    standings = Standing.objects.filter(course=course)
    step = max(1, standings.count() // READERS)
    first = standings.order_by("pk").values_list("pk", flat=True).first()
    chosen = standings.filter(pk__in=range(first, first + step * READERS, step))
    return [standing.enrollment for standing in chosen.select_related("enrollment__student")]


def camp_readers(course, enrollments, *, streams=8):
    """The first page of the board with the reader's own place, as each of them asks for it."""
    target = f"{course.get_absolute_url()}?tab=rank"
    requests = [get(target, cookie=_signed_in(enrollment.student)) for enrollment in enrollments]
    return [cycle(requests[n::streams]) for n in range(streams)]


def _signed_in(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def bare_readers(course, enrollments, *, streams=8):
    requests = [get(f"/board?course={course.pk}&enrollment={enrollment.pk}") for enrollment in enrollments]
    return [cycle(requests[n::streams]) for n in range(streams)]
