"""A mentor's page when nobody ranks any more, and what those read who help with a project of somebody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.projects.models import SelectionRound
from tests.project_factories import make_mentor, make_placement
from tests.projects.desks import World, names, now

pytestmark = pytest.mark.django_db
NOBODY_RANKS = "Nobody ranks teams in this round"
MENTORS_CLOSED = "orders closed on"


@pytest.fixture
def world(client):
    return World(client)


def close(**fields):
    """The round as it is when the mentors' orders are closed, too."""
    SelectionRound.objects.update(mentors_close_at=now() - timedelta(hours=1), **fields)


def html(response):
    return response.content.decode()


def order_of(page, *titles):
    """These titles as they come on the page."""
    return sorted(titles, key=lambda title: page.index(title))


def test_ranked_and_other_teams_stand_apart_after_the_close(world):
    a, b, c = world.teams
    world.send(b, a, shortlist=[c.pk])
    close()

    page = html(world.get())

    ranked, others = page.split("Not ranked: by points, then by lottery")
    assert [team.name for team in world.teams if f">{team}</a>" in ranked] == ["Team A", "Team B"]
    assert [team.name for team in world.teams if f">{team}</a>" in others] == ["Team C"]
    assert order_of(ranked, ">Team B</a>", ">Team A</a>") == [">Team B</a>", ">Team A</a>"]
    assert ["shortlisted</span>" in part for part in (ranked, others)] == [False, True]


def test_without_an_order_the_page_says_so_after_the_close(world):
    close()

    assert "You ranked no team." in html(world.get())


def test_the_team_that_the_mentor_got_is_marked(world):
    make_placement(world.round, world.teams[1], world.project)
    make_placement(world.round, world.teams[2], world.other)
    close(published_at=now(), published_by=world.mentor.user)

    page = html(world.get())

    assert "The result is published." in page
    assert page.count("placed in Kernels") == 1
    assert "placed in Elsewhere" not in page
    assert page.index(">Team B</a> <span") < page.index("placed in Kernels")


def test_the_page_of_a_team_says_what_became_of_it(world):
    world.send(world.teams[1], shortlist=[world.teams[1].pk])
    placement = make_placement(world.round, world.teams[1], world.project)
    close()

    page = html(world.get("mentor_team", world.teams[1].pk))

    assert ["number 1 of your order" in page, "shortlisted" in page, "placed in Kernels" in page] == [True] * 3
    assert world.place("grade", placement.pk) in page


def test_work_stands_before_old_applicants(world):
    close()
    before = order_of(html(world.get()), 'id="mine"', 'id="work"')
    make_placement(world.round, world.teams[1], world.project)

    assert (before, order_of(html(world.get()), 'id="mine"', 'id="work"')) == (
        ['id="mine"', 'id="work"'], ['id="work"', 'id="mine"'],
    )  # fmt: skip


def test_while_teams_are_ranked_they_stand_first(world):
    make_placement(world.round, world.teams[1], world.project)

    assert order_of(html(world.get()), 'id="mine"', 'id="work"') == ['id="mine"', 'id="work"']


def test_a_round_in_which_nobody_ranks_says_so(world):
    close(method="assignment")

    page = html(world.get())

    assert [words in page for words in (NOBODY_RANKS, MENTORS_CLOSED, "Not ranked:")] == [True, False, False]
    assert order_of(page, 'id="mine"', 'id="projects"') == ['id="projects"', 'id="mine"']


def test_a_round_in_which_mentors_ranked_says_when_that_closed(world):
    close()

    assert [words in html(world.get()) for words in (NOBODY_RANKS, MENTORS_CLOSED)] == [False, True]


@pytest.fixture
def helper(world):
    """A further mentor of the project, signed in."""
    helper = make_mentor(world.stage)
    world.project.co_mentors.add(helper)
    world.client.force_login(helper.user)
    return helper


def test_a_further_mentor_sees_the_teams_and_whose_order_counts(world, helper):
    response = world.get()

    assert [(row["project"], names(row["applicants"])) for row in response.context["desk"].helped] == [
        (world.project, ["Team A", "Team B", "Team C"])
    ]
    assert f"Only the order of {world.mentor}" in html(response)
    assert str(world.teams[0].lead.student) in html(response)


def test_a_further_mentor_reads_a_team_and_does_not_judge_it(world, helper):
    place = world.place("mentor_team", world.teams[0].pk)

    page = world.client.get(place)
    refused = world.client.post(place, {"project": world.project.pk, "reason": "x", "confirmed": 1})

    assert (page.status_code, page.context["is_open"], refused.status_code) == (200, False, 403)
    assert str(world.teams[0].lead.student) in html(page)
    assert "Projects on its list that you help with" in html(page)
    assert "Elsewhere" not in html(page)


def test_a_further_mentor_finds_what_a_placed_team_handed_in(world, helper):
    placement = make_placement(world.round, world.teams[0], world.project)

    page = world.get("mentor_team", world.teams[0].pk)

    assert world.place("grade", placement.pk) in html(page)
    assert world.client.get(world.place("grade", placement.pk)).status_code == 200


def test_helping_costs_the_same_for_three_teams_and_for_more(world, helper):
    world.get()
    with CaptureQueriesContext(connection) as few:
        world.get()
    for letter in "DE":
        world.team(f"Team {letter}")

    with CaptureQueriesContext(connection) as more:
        world.get()

    assert len(few) == len(more)


def test_a_declaration_after_the_close_says_that_what_was_said_stays_on_record(world):
    world.send(*world.teams)
    close()

    page = html(world.client.post(world.place("mentor_conflicts"), {"handle": world.teams[0].lead.student.handle}))

    assert "stays on record, but does not count any more" in page
    assert "is deleted" not in page
