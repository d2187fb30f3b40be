"""The project stages of the demo: the winter camp, in which topics are being chosen now, and one that is over."""

from datetime import timedelta
from random import Random

from django.db.models import Q

from camp.demo import cast, project_choices, project_people, project_results, project_seasons
from camp.demo.project_people import MENTOR, MENTORS
from camp.notices.models import Mail, Notice

SEED = 2025
FEWEST, MOST = 12, 48  # Students of the winter's project stage.
IN_SPRING = 12


def is_made():
    return project_seasons.is_made()


def make(*, students, now, tell=print):
    """Make both camps around the demo's student and organizer. Returns how to sign in as the mentor."""
    mentors = [cast.make_user(handle, name, language="zh-hans") for handle, name in MENTORS.items()]
    tell("Loading the winter season, whose topics are being chosen…")
    users = _winter(mentors, students=min(max(students, FEWEST), MOST), now=now)
    tell("Letting an earlier season end: allocation, work, grades, certificates…")
    users += _spring(mentors, now=now)
    _keep_quiet([*users, *mentors, cast.student(), cast.organizer()], now=now)
    return [cast.give_password(MENTOR)]


def _winter(mentors, *, students, now):
    camp, rng = project_seasons.load_winter(now=now), Random(SEED)  # noqa: S311 - invented people
    users = project_people.invent_users(students - 1, mark="w", camp=camp, rng=rng)
    stage, enrollments, rows = _staffed(camp, mentors, [cast.student(), *users], rng=rng, now=now)
    choosing = stage.rounds.get(number=1)
    made = project_choices.form_teams(stage, enrollments, rng=rng, at=choosing.opens_at)
    project_choices.propose(stage, made, mentor=rows[0], at=choosing.opens_at + timedelta(days=1))
    project_choices.give_lists(choosing, made, rng=rng, until=now)
    return users


def _spring(mentors, *, now):
    camp, rng = project_seasons.load_spring(now=now), Random(SEED + 1)  # noqa: S311 - invented people
    users = project_people.invent_users(IN_SPRING - 1, mark="s", camp=camp, rng=rng)
    stage, enrollments, rows = _staffed(camp, mentors, [cast.student(), *users], rng=rng, now=now)
    organizer, at = cast.organizer(), stage.rounds.get(number=1).opens_at
    made = project_choices.form_teams(stage, enrollments, rng=rng, at=at, everybody=True)
    placements = _two_rounds(stage, made, rows, organizer=organizer, rng=rng)
    project_results.hand_in(placements, until=stage.hand_in_closes_at)
    evaluations = project_results.grade(placements, organizer=organizer, rng=rng, at=stage.hand_in_closes_at)
    project_results.certify(evaluations, organizer=organizer, at=camp.ends_at)
    return users


def _two_rounds(stage, made, mentors, *, organizer, rng):
    """Some teams get less than they wanted, and one that got nothing is placed in the second round."""
    first, second = stage.rounds.order_by("number")
    dearest = project_choices.give_scarce_lists(first, made, rng=rng)
    placements = project_results.allocate(first, mentors, organizer=organizer, dearest=dearest)
    unplaced = [one.team for one in placements if not one.is_placed]
    project_choices.give_lists(second, unplaced, rng=rng, until=second.closes_at, share=1)
    placements += project_results.publish(second, organizer=organizer, at=second.closes_at + timedelta(hours=2))
    return [one for one in placements if one.is_placed]


def _staffed(camp, mentors, users, *, rng, now):
    """The camp's project stage, with these students in it, its mentors and the organizer."""
    rows = project_people.mentors_of(camp, mentors)
    project_people.organize(camp, cast.organizer())
    return camp.project_stage, project_people.admit(camp, users, rng=rng, now=now), rows


def _keep_quiet(users, *, now):
    """What happened weeks ago is read, and nobody gets a mail about the demo's past."""
    Mail.objects.filter(notice__recipient__in=users).delete()
    told = Notice.objects.filter(recipient__in=users)
    told.filter(Q(camp=project_seasons.spring_camp()) | Q(created_at__lt=now - timedelta(days=3))).update(read_at=now)
