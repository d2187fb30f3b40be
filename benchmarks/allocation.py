"""`python -m benchmarks.allocation`: how long the allocation of teams to projects takes. See benchmarks/README.md."""

import gc
import os
import platform
import random
import time
from collections import defaultdict

from matching.games import StudentAllocation

from camp.projects.allocation.appraisal import blocking_pairs, reasons, statistics
from camp.projects.allocation.assignment import second_round
from camp.projects.matching import Offer, Problem, allocate, match

SIZES = [(2_000, 50), (20_000, 500)]
LIBRARY_SIZE = (2_000, 50)
CHOICES = 10
HEADER = """| | ms | times reading and sorting once |
| --- | ---: | ---: |"""


def invent(teams, projects, *, seed=1):
    """As many seats as teams; three projects to a mentor, who ranks half of those who want one and may be bounded."""
    chance = random.Random(seed)
    offers = {project: Offer(seats=-(-teams // projects), mentor=project // 3) for project in range(projects)}
    preferences = {team: wishes(chance, projects) for team in range(teams)}
    return {
        "preferences": preferences,
        "projects": offers,
        "capacities": {mentor: chance.choice([None, 2 * offers[0].seats]) for mentor in range(projects // 3 + 1)},
        "ranked": {
            mentor: chance.sample(sorted(teams), len(teams) // 2) for mentor, teams in fans(preferences, offers).items()
        },
        "points": {team: chance.randrange(3_000) for team in preferences},
        "seed": str(seed),
    }


def wishes(chance, projects):
    """Ten different projects, those with a low number more often."""
    wanted = {}
    while len(wanted) < min(CHOICES, projects):
        wanted[int(projects * chance.random() ** 1.5)] = None
    return list(wanted)


def fans(preferences, offers):
    """For each mentor the teams that want at least one of their projects."""
    found = defaultdict(set)
    for team, wanted in preferences.items():
        for project in wanted:
            found[offers[project].mentor].add(team)
    return found


def read_once(plain):
    """The limit to compare with: look at every line of every list, and sort the teams by points, once."""
    for wanted in plain["preferences"].values():
        for _project in wanted:
            pass
    sorted(plain["points"], key=plain["points"].get)


def library_game(plain):
    """The same problem for the package `matching`, which wants every order written out over the teams that ask."""
    problem, offers = Problem(**plain), plain["projects"]
    orders = {
        mentor: [team for team in problem.order(mentor) if team in teams]
        for mentor, teams in fans(plain["preferences"], offers).items()
    }
    mentors = {project: offer.mentor for project, offer in offers.items()}
    seats = {project: offer.seats for project, offer in offers.items()}
    most = {mentor: sum(offer.seats for offer in offers.values() if offer.mentor == mentor) for mentor in orders}
    capacities = {mentor: plain["capacities"][mentor] or most[mentor] for mentor in orders}
    return StudentAllocation.create_from_dictionaries(plain["preferences"], orders, mentors, seats, capacities)


def quickest(work, rounds=5):
    """Milliseconds of the quickest of the rounds: whatever else the machine does only adds to it."""
    times = []
    for _ in range(rounds):
        gc.collect()
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1_000)
    return min(times)


def steps(plain):
    """What is measured, by its name; a Problem keeps what it has computed, so the first ones make a new one."""
    problem = Problem(**plain)
    placement = match(problem)
    left = {team: None if team % 10 == 0 else project for team, project in placement.items()}
    return {
        "reading and sorting once": lambda: read_once(plain),
        "`match`, from plain values": lambda: match(Problem(**plain)),
        "`allocate`: the same with its digest": lambda: allocate(Problem(**plain)),
        "`blocking_pairs` of all": lambda: blocking_pairs(problem, placement),
        "`reasons` of all": lambda: reasons(problem, placement),
        "`statistics`": lambda: statistics(problem, placement),
        "`second_round`, a tenth of the placed being without a project again": lambda: second_round(problem, left),
    }


def table(teams, projects):
    times = {name: quickest(work) for name, work in steps(invent(teams, projects)).items()}
    limit = times["reading and sorting once"]
    rows = [f"| {name} | {ms:,.1f} | {ms / limit:,.0f} |" for name, ms in times.items()]
    return "\n".join([f"\n{teams:,} teams, {projects:,} projects, lists of {CHOICES}:\n", HEADER, *rows])


def library_table(teams, projects):
    """The library's time is that of `solve` alone, without making its players; ours is all of `match`.

    A game is spent when it is solved. Both have to come to the same end, or the run ends.
    """
    plain = invent(teams, projects)
    ours = quickest(lambda: match(Problem(**plain)))
    games = [library_game(plain) for _ in range(3)]
    theirs = min(quickest(game.solve, rounds=1) for game in games)
    solved = {team.name: project.name for project, held in games[0].matching.items() for team in held}
    assert dict.fromkeys(plain["preferences"]) | solved == match(Problem(**plain))
    return (
        f"\n{teams:,} teams, {projects:,} projects: `match` {ours:,.1f} ms, the package `matching` {theirs:,.0f} ms, "
        f"{theirs / ours:,.0f} times as long."
    )


def main():
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the start, Python {platform.python_version()}.")
    for size in SIZES:
        print(table(*size), flush=True)
    print(library_table(*LIBRARY_SIZE))


if __name__ == "__main__":
    main()
