"""Racing requests for the last places of teams, over real HTTP: never over, never under.

`python -m benchmarks.team_races` does the same with 10,000 requests and the production server.
"""

import time
from collections import Counter

import pytest
from django.db import connections

from benchmarks.team_race import findings, make_field, race, sizes_for
from camp.projects.models import Team, TeamMember
from camp.projects.models.team import TeamQuerySet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
REQUESTS, CLIENTS = 1000, 12


@pytest.fixture(autouse=True)
def lasting_connections(monkeypatch):
    """Each thread of the server connects to the database once, as in production, and not for every request."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", None)


def take_place_without_guard(teams, team_id):
    """What `take_place` would be without its condition: look first, take afterwards."""
    team = Team.objects.standing().get(pk=team_id)
    if team.is_full:
        return False
    time.sleep(0.05)
    return bool(Team.objects.filter(pk=team_id).update(size=team.size + 1))


def test_a_thousand_racing_requests_give_every_place_away_once(live_server):
    field = make_field(sizes_for(REQUESTS))
    places = sum(group.places_to_give for group in field.groups)

    answers = race(live_server.url, field, clients=CLIENTS)

    assert findings(field) == []
    assert answers == Counter({302: places, 409: REQUESTS - places})


def test_the_race_shows_a_missing_guard(live_server, monkeypatch):
    monkeypatch.setattr(TeamQuerySet, "take_place", take_place_without_guard)
    field = make_field([25])

    race(live_server.url, field, clients=CLIENTS)

    assert findings(field) != []
    assert TeamMember.objects.count() > Team.objects.count() + field.groups[0].places_to_give


def test_one_student_who_joins_many_teams_at_once_is_in_one(live_server):
    field = make_field([1, 1, 1])

    answers = race(live_server.url, field, clients=CLIENTS)

    assert findings(field) == []
    assert answers == Counter({302: 3, 409: 9})
