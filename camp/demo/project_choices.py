"""How the demo's students choose: teams, some of them looking for members, lists of projects, two proposals."""

from datetime import timedelta

from camp.camps.models import SupportProject
from camp.demo import project_words as words
from camp.projects import proposals, teams
from camp.projects.choosing import selection
from camp.projects.models import Project

SIZES, WEIGHTS = (1, 2, 3, 4), (30, 35, 25, 10)
LIST_SHARE, LOOKING_SHARE, ALONE_SHARE = 0.85, 0.2, 0.08  # Of the teams, of those with a place, of the students.
SCARCE = 3  # The number of a project for one to three people, of which an earlier season had one seat.
POPULAR = {5: 5, 6: 3, 7: 4, 1: 2}  # How much more often than the others these numbers are wanted.


def form_teams(stage, enrollments, *, rng, at, everybody=False):
    """Teams of one to four in the order of the students; a few stay without one, unless `everybody` has one.

    The first student always leads a team of three.
    """
    names, waiting, made = iter(_names()), list(enrollments), []
    while waiting:
        size = 3 if not made else rng.choices(SIZES, WEIGHTS)[0]
        members, waiting = waiting[:size], waiting[size:]
        if made and size == 1 and not everybody and rng.random() < ALONE_SHARE / WEIGHTS[0] * 100:
            continue
        made.append(_form(stage, members, name=next(names), rng=rng, at=at))
    return made


def _names():
    plain = [name.strip() for name in words.TEAMS.split("|")]
    yield from plain
    yield from (f"{name} {number}" for number in range(2, 99) for name in plain)


def _form(stage, members, *, name, rng, at):
    lead, *others = members
    has_room = len(members) < stage.team_size_limit
    is_looking = has_room and rng.random() < LOOKING_SHARE
    team = teams.create_team(
        lead, stage, by=lead.student, name=name, is_looking=is_looking,
        looking_for=rng.choice(words.LOOKING) if is_looking else "", at=at,
    )  # fmt: skip
    for place, member in enumerate(others, start=1):
        teams.join_team(member, stage, by=member.student, code=team.code, at=at + timedelta(hours=place))
    team.refresh_from_db()
    return team


def give_lists(round, made, *, rng, until, share=LIST_SHARE):
    """Most teams rank three to six free projects that take a team of their size; the first one always does."""
    full = selection.lacks_of(round.project_stage)
    projects = list(Project.objects.open().filter(project_stage=round.project_stage).exclude(pk__in=full))
    for team in made:
        if team is made[0] or rng.random() <= share:
            _give(round, team, _choices_of(team, projects, rng), rng=rng, until=until)


def _choices_of(team, projects, rng):
    wanted = [project for project in projects if project.takes_size(team.size)]
    return _ranked(wanted, rng)[: rng.randint(3, 6)]


def _give(round, team, chosen, *, rng, until):
    at = round.opens_at + (min(until, round.closes_at) - round.opens_at) * rng.uniform(0.05, 0.95)
    selection.submit_list(round, team, chosen, by=team.lead.student, based_on=0, at=at)


def give_scarce_lists(round, made, *, rng):
    """Three teams want one seat before all, and one of them nothing else. Returns the team that its mentor wants."""
    projects = list(Project.objects.open().filter(project_stage=round.project_stage).order_by("number"))
    scarce = next(project for project in projects if project.number == SCARCE)
    scarce.seats = 1
    scarce.save(update_fields=["seats"])
    dearest, stubborn = [team for team in made[1:] if scarce.takes_size(team.size)][:2]
    for team in made:
        chosen = [one for one in _choices_of(team, projects, rng) if one != scarce]
        if team in (made[0], dearest, stubborn):
            chosen = [scarce, *chosen]
        _give(round, team, [scarce] if team is stubborn else chosen, rng=rng, until=round.closes_at)
    return dearest


def _ranked(projects, rng):
    """In a random order in which the popular ones tend to come first."""
    return sorted(projects, key=lambda project: rng.random() ** POPULAR.get(project.number, 1))


def propose(stage, made, *, mentor, at):
    """One proposal awaits a decision, another was accepted by the mentor: a seat of it is reserved for its team."""
    open_source = SupportProject.objects.filter(organization=stage.camp.organization, name="InfiniLM").first()
    proposed = made[1 % len(made)].lead, made[2 % len(made)].lead
    proposals.propose(proposed[0], stage, by=proposed[0].student, wished_mentor=mentor, at=at, **words.OPEN_PROPOSAL)
    accepted = proposals.propose(
        proposed[1], stage, by=proposed[1].student, wished_mentor=mentor, support_project=open_source, at=at,
        **words.ACCEPTED_PROPOSAL,
    )  # fmt: skip
    at += timedelta(hours=20)
    return proposals.accept_proposal(accepted, by=mentor.user, reason=words.ACCEPTED_BECAUSE, at=at)
