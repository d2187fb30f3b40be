"""From the facts of an allocation to its result, and what is asked of a result. Plain values in, plain values out."""

from dataclasses import asdict, replace

from camp.projects.allocation.appraisal import Why, blocking_pairs, reasons, room, statistics
from camp.projects.allocation.assignment import second_round
from camp.projects.allocation.explaining import RESERVED as RESERVED_SEAT
from camp.projects.allocation.explaining import SHARED, SIZE, TAKEN
from camp.projects.allocation.problem import with_text_keys
from camp.projects.matching import Offer, match, without

RESERVED = 0  # The mentor of every reserved seat: it has no bound and is nobody's id.


def solve(facts):
    """{team: project or None}, for all teams of the problem.

    A seat that is reserved for a proposer is a project of its own with one seat, which stands in place of the project
    on that team's list; the project has a seat less and its mentor room for one less. So the team never gets worse
    than what it proposed. Where it gets better, the seat is given back and everything computed again: one seat more
    makes no team worse off, so it ends, after as many rounds as there are reserved seats at the most.
    """
    if facts.assigns:
        return second_round(without(facts.problem, facts.closed), {})
    held, kept = None, reservations(facts)
    while kept != held:
        held = kept
        placement = match(without(reserve(facts.problem, held), facts.closed))
        kept = {project: team for project, team in held.items() if placement[team] == -project}
    return {team: project and abs(project) for team, project in placement.items()}


def reservations(facts):
    """{project: team} of the seats that can be reserved: within seats and capacities, by number, where the team is
    acceptable and put its project on its list."""
    problem, held, left = facts.problem, {}, dict(facts.problem.capacities)
    for project, team in sorted(facts.reserved.items()):
        offer = problem.projects[project]
        wants = project not in facts.closed and project in problem.wanted(team)
        if not wants or not offer.seats or left[offer.mentor] == 0:
            continue
        held[project] = team
        left[offer.mentor] = _less(left[offer.mentor])
    return held


def reserve(problem, held):
    """The problem with one seat of each of these projects set apart for a team, as the project -id."""
    projects, capacities = dict(problem.projects), dict(problem.capacities) | {RESERVED: None}
    preferences = dict(problem.preferences)
    for project, team in held.items():
        offer = projects[project]
        projects |= {project: replace(offer, seats=offer.seats - 1), -project: Offer(1, RESERVED)}
        capacities[offer.mentor] = _less(capacities[offer.mentor])
        preferences[team] = [-one if one == project else one for one in preferences[team]]
    return replace(problem, projects=projects, capacities=capacities, preferences=preferences)


def _less(capacity):
    return None if capacity is None else capacity - 1


def seen_with_seats(facts, placement):
    """Problem and placement with the reserved seats that are in use: others do not compete for those."""
    held = {} if facts.assigns else reservations(facts)
    used = {project: team for project, team in held.items() if placement.get(team) == project}
    return reserve(facts.problem, used), placement | {team: -project for project, team in used.items()}


def explain(facts, placement):
    """{team: [{"project", "reason", "basis"}]}: why it got none of what it listed before its own project."""
    if facts.assigns:
        return _shared(facts, placement)
    problem, seen = seen_with_seats(facts, placement)
    missed = reasons(problem, seen, closed=facts.closed)
    return {team: [_missed(facts, problem, team, one) for one in lines] for team, lines in missed.items()}


def _missed(facts, problem, team, missed):
    project, reason = abs(missed.project), str(missed.why)
    if missed.why == Why.NOT_ACCEPTABLE and (team, project) in facts.misfits:
        reason = SIZE
    if missed.why == Why.PROJECT_FULL and missed.last is None and -project in problem.projects:
        reason = RESERVED_SEAT
    return {"project": project, "reason": reason, "basis": missed.basis and str(missed.basis)}


def _shared(facts, placement):
    """The second round has no order by which a team is behind another: there were seats or there were none."""
    before, after = room(facts.problem, {}), room(facts.problem, placement)
    lines = {}
    for team, wanted in facts.problem.preferences.items():
        own = placement.get(team)
        dearer = wanted[: wanted.index(own)] if own in wanted else wanted
        reasons = [(project, _why_not_shared(facts, (team, project), before, after)) for project in dearer]
        lines[team] = [{"project": project, "reason": reason, "basis": None} for project, reason in reasons]
    return lines


def _why_not_shared(facts, pair, before, after):
    """`before` and `after`: the room for a team before the round and after it."""
    if pair[1] in facts.closed:
        return str(Why.CLOSED)
    if pair in facts.problem.unacceptable:
        return SIZE if pair in facts.misfits else str(Why.NOT_ACCEPTABLE)
    lacks_seat, lacks_time = _lacks(facts, pair[1], before)
    if lacks_seat or lacks_time:
        return TAKEN if lacks_seat else str(Why.MENTOR_FULL)
    return SHARED if any(_lacks(facts, pair[1], after)) else str(Why.BY_HAND)


def _lacks(facts, project, left):
    """(a free seat, time of its mentor): what one more team would find missing."""
    seats, capacity = left
    return not seats[project], not capacity[facts.problem.projects[project].mentor]


def blocking(facts, placement):
    """{(team, project): pair} of what makes the placement unstable."""
    problem, seen = seen_with_seats(facts, placement)
    pairs = blocking_pairs(without(problem, facts.closed), seen)
    return {(pair.team, abs(pair.project)): pair for pair in pairs}


def statistics_of(facts, placement):
    """How it turned out, in plain JSON. Closed projects have no seats; choices count as they stand on the lists."""
    offers = facts.problem.projects
    gone = {project: replace(offers[project], seats=0, minimum=0) for project in facts.closed if project in offers}
    found = statistics(replace(facts.problem, projects=offers | gone), placement)
    numbers = asdict(found) | {"teams": len(placement), "under_minimum": list(found.under_minimum)}
    return numbers | {name: with_text_keys(numbers[name]) for name in ("by_choice", "free")}
