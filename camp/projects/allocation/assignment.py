"""The second round: teams without a project share the seats that are left, as well as possible for all of them."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from camp.projects.allocation.appraisal import room
from camp.projects.matching import Placement, Problem

TOLERANCE = 1e-6


def second_round(problem: Problem, placement: Placement) -> dict[int, int | None]:
    """The placement with as many more teams placed as possible, and among those ways the lowest sum of choices.

    Nobody who has a project is moved. A team only gets a project that is on its list and acceptable, within the seats
    and the mentors' capacities that are left. Of equal ways, teams with more points (then a better lottery number) have
    the better choices; whom mentors ranked does not count any more. It is not meant to be stable: after `allocate` with
    the same lists nobody could be placed at all, so this is for lists that have grown.

    The three objectives are minimised one after the other, each among the best for those before, so that no weight can
    be too small. Seats of a project lie within the capacity of its mentor (a laminar family), hence the constraints of
    all three describe a face of an integral polytope, whose corners, where the simplex method ends, are whole numbers.
    Everything is sorted by id first, so the result does not depend on the order of the input.
    """
    pairs = _possible_pairs(problem, placement)
    result = dict(placement) | {team: None for team in problem.preferences if placement.get(team) is None}
    return result | {pairs[row][0]: pairs[row][1] for row in _best(problem, placement, pairs)} if pairs else result


def _possible_pairs(problem, placement):
    """(team, project, choice) for whoever is unplaced and whatever still has room; the choice counts from 1."""
    seats, capacity = room(problem, placement)
    return [
        (team, project, choice)
        for team in sorted(problem.preferences)
        if placement.get(team) is None
        for choice, project in enumerate(problem.preferences[team], 1)
        if (team, project) not in problem.unacceptable and seats[project] and capacity[problem.projects[project].mentor]
    ]


def _best(problem, placement, pairs):
    """The rows of the pairs to take."""
    matrix, most = _bounds(problem, placement, pairs)
    done, best = [], []
    for objective in _objectives(pairs, problem.positions):
        taken = _minimise(objective, A_ub=matrix, b_ub=most, A_eq=done or None, b_eq=best or None)
        done, best = [*done, objective], [*best, objective @ taken]
    return np.flatnonzero(taken)


def _objectives(pairs, positions):
    """Most teams; then the lowest sum of choices; then the choice counts more the earlier the team is in the order.

    A team that stays out counts in the last like one with a choice below the longest list.
    """
    teams, choices = [team for team, _, _ in pairs], np.array([choice for _, _, choice in pairs])
    order = sorted(set(teams), key=positions.get, reverse=True)
    weights = {team: weight for weight, team in enumerate(order, 1)}
    weighted = np.array([weights[team] for team in teams]) * (choices - choices.max() - 1)
    return -np.ones_like(choices), choices, weighted


def _bounds(problem, placement, pairs):
    """One row for each team, project and mentor: no more pairs than it can take. The solver takes no infinity."""
    seats, capacity = room(problem, placement)
    most, cells = {}, []
    for column, (team, project, _) in enumerate(pairs):
        mentor = problem.projects[project].mentor
        left = min(capacity[mentor], len(pairs))
        each = {("team", team): 1, ("project", project): seats[project], ("mentor", mentor): left}
        most |= each
        cells += [(key, column) for key in each]
    rows = {key: row for row, key in enumerate(most)}
    places = [rows[key] for key, _ in cells], [column for _, column in cells]
    return csr_array((np.ones(len(cells)), places), shape=(len(rows), len(pairs))), list(most.values())


def _minimise(objective, **constraints):
    """The choice of pairs, as whole numbers. A failure of the solver is an error, never a worse result."""
    found = linprog(objective, bounds=(0, 1), method="highs-ds", **constraints)
    if not found.success or np.abs(found.x - np.rint(found.x)).max() > TOLERANCE:
        raise RuntimeError(f"The second round found no optimum in whole numbers: {found.message}")
    return np.rint(found.x).astype(int)
