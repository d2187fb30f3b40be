"""One size: load it, ask both servers in turn, and say what came of it."""

import time
from dataclasses import dataclass, field

from django.db import connection

from benchmarks import freezing, load, plans, ranks, traffic
from benchmarks.environment import BARE_PORT, CAMP_PORT, serving
from benchmarks.pressure import Pressure, together
from camp.rankings.board_page.board import page_of
from camp.rankings.models import Standing

IMPROVING = 50  # Of a hundred uploads; the two extremes are told beside it.
UPLOADS_MEANWHILE = 100  # A second.
WARM_UP = 1.5  # Seconds.


@dataclass
class Size:
    """What was measured with so many people on the board. `figures`: of each kind of pressure, by its name."""

    people: int
    loaded_in: float = 0
    ranks: dict = field(default_factory=dict)
    plans: list = field(default_factory=list)
    figures: dict = field(default_factory=dict)

    def ratio(self, name, limit):
        return self.figures[name].per_second / self.figures[limit].per_second


def measure(people, *, seconds, rounds, connections, say):
    size, begun = Size(people), time.perf_counter()
    world = load.load(people)
    load.settle()
    size.loaded_in = time.perf_counter() - begun
    say(f"{people:,} people loaded in {size.loaded_in:.0f} s")
    for course in (world.course, world.other):
        size.ranks[int(course.max_points)] = ranks.measured(course, people) + freezing.measured(course, people)
    size.plans = _plans(world)
    with serving("camp.wsgi:application", CAMP_PORT), serving("benchmarks.bare_wsgi:application", BARE_PORT):
        size.figures = _figures(world, seconds=seconds, rounds=rounds, connections=connections, say=say)
    _check_histogram(world)
    return size


def _plans(world):
    student = traffic.readers(world.course)[0]
    standing = Standing.objects.filter(course=world.course, points=3).select_related("best").first()
    login, points = standing.best.login, int(standing.points)
    uploads = plans.upload_requests(world, (login, points), (login, points + 1))
    board = plans.board_requests(world.course, student.student, pages=page_of(world.people))
    return plans.explained(uploads + board)


def _figures(world, *, seconds, rounds, connections, say):
    """All kinds in turn, several rounds of them, so that a moment's trouble of the machine meets them all alike."""
    kinds, found = _kinds(world, connections), {}
    for run in kinds.values():
        run(WARM_UP)
    for number in range(rounds):
        for name, run in kinds.items():
            figures = run(seconds)
            found.setdefault(name, []).append(figures)
            say(f"round {number + 1}: {name}: {figures.per_second:,.0f} a second, p99 {figures.p99:.1f} ms")
    return {name: together(figures) for name, figures in found.items()}


def _kinds(world, connections):
    """The kinds of pressure by name: functions of the seconds, that return figures."""
    camp, bare = traffic.camp_uploads(world), traffic.bare_uploads(world)
    students = traffic.readers(world.course)
    own = {"streams": connections}
    pages, bare_pages = (make(world.course, students, **own) for make in (traffic.camp_readers, traffic.bare_readers))

    def at(port, requests):
        return lambda seconds: Pressure(port, requests(), connections=connections).run(seconds)

    return {
        "bare uploads": at(BARE_PORT, lambda: bare.streams(IMPROVING)),
        "uploads": at(CAMP_PORT, lambda: camp.streams(IMPROVING)),
        "bare uploads, all improve": at(BARE_PORT, lambda: bare.streams(100)),
        "uploads, all improve": at(CAMP_PORT, lambda: camp.streams(100)),
        "bare uploads, none improves": at(BARE_PORT, lambda: bare.streams(0)),
        "uploads, none improves": at(CAMP_PORT, lambda: camp.streams(0)),
        "bare board": at(BARE_PORT, lambda: bare_pages),
        "board": at(CAMP_PORT, lambda: pages),
        "board during uploads": _board_during_uploads(pages, camp, connections),
    }


def _board_during_uploads(pages, camp, connections):
    def run(seconds):
        uploads = Pressure(CAMP_PORT, camp.streams(IMPROVING), connections=2, per_second=UPLOADS_MEANWHILE)
        with uploads.beside(seconds):
            return Pressure(CAMP_PORT, pages, connections=connections).run(seconds)

    return run


def _check_histogram(world):
    """Speed that loses count would be worth nothing: after all the uploads, the counts are those of the standings."""
    with connection.cursor() as cursor:
        cursor.execute(load.COUNTS_THAT_DIFFER, [world.course.pk, world.course.pk])
        differing = cursor.fetchone()[0]
    if differing:
        raise RuntimeError(f"{differing} counts of the histogram differ from the standings.")
