"""What the page of a team says is next, also for who is in none; and what stands in the way of a change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.projects.choosing import selection
from tests.admin_world import in_english
from tests.factories import make_running_camp
from tests.project_factories import make_placement, make_project, make_project_stage, make_round
from tests.projects.team_pages import address, lock, make_student_of, make_team, text

pytestmark = pytest.mark.django_db
OBSTACLE = "The teams are locked: nobody founds, joins, changes or leaves one any more."
DAY = timedelta(days=1)


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=timezone.now())


@pytest.fixture
def student(stage, client):
    """Who looks at the pages."""
    student = make_student_of(stage, "Ada")
    client.force_login(student.student)
    return student


def shown(client, stage, name="team"):
    return text(client.get(address(stage, name)))


def test_a_given_list_is_known_to_the_team(client, stage, student):
    team, round = make_team(stage, lead=student), make_round(stage, at=timezone.now())
    assert "Give your list of projects" in shown(client, stage)

    selection.submit_own_list(round, student, [make_project(stage)], by=student.student, based_on=0)

    page = shown(client, stage)
    assert "Your team&#x27;s list is given" in page
    assert "You are a team of one, and may stay one; or send the code to others." in page
    assert team.size == 1


def test_a_published_result_is_known_to_the_team(client, stage, student):
    team = make_team(stage, lead=student)
    make_placement(make_round(stage, at=timezone.now() - 5 * DAY, published_at=timezone.now()), team)

    assert "Your team has no project yet" in shown(client, stage)


@pytest.mark.parametrize("name", ["team", "result", "preferences"])
def test_who_is_in_no_team_gives_a_list_alone_after_the_lock(client, stage, student, name):
    make_round(stage, at=timezone.now())
    lock(stage)

    page = shown(client, stage, name)

    assert "with your list you become a team of one" in page
    assert [address(stage, each) in page for each in ("preferences", "team_new", "team_join")] == [True, False, False]
    assert "Find a team first" not in page
    assert "Found a team or join one" not in page


def test_who_is_in_no_team_reads_when_the_next_round_takes_their_list(client, stage, student):
    make_round(stage, at=timezone.now() - 5 * DAY, published_at=timezone.now())
    make_round(stage, number=2, at=timezone.now() + 3 * DAY)
    lock(stage)

    assert "with it you become a team of one. Round 2 opens" in shown(client, stage, "result")
    assert "with your own list you become a team of one" in shown(client, stage)


def test_who_is_in_no_team_at_the_end_is_sent_to_the_organizers(client, stage, student):
    make_round(stage, at=timezone.now() - 2 * DAY)
    lock(stage)

    assert "The teams are locked and the lists are closed. Write to the organizers" in shown(client, stage, "result")


@pytest.mark.parametrize("name", ["team_edit", "team_lead", "team_code", "team_leave", "team_new", "team_join"])
def test_after_the_lock_the_obstacle_stands_in_place_of_the_form(client, stage, student, name):
    if name not in ("team_new", "team_join"):
        make_team(stage, lead=student, members=[make_student_of(stage)])
    lock(stage)

    sent = client.post(address(stage, name), {"name": "x", "code": "x"})
    pages = [shown(client, stage, name), sent.content.decode()]

    assert sent.status_code in (400, 403)
    assert [OBSTACLE in page for page in pages] == [True, True]
    assert ["team-form" in page or "Correct what is marked" in page for page in pages] == [False, False]


def test_a_placed_team_is_not_left(client, stage, student):
    team = make_team(stage, lead=student, members=[make_student_of(stage)])
    make_placement(make_round(stage, at=timezone.now()), team, make_project(stage))
    other = team.members.exclude(enrollment=student).get()

    for page in (shown(client, stage, "team_leave"), text(client.get(address(stage, "team_remove", other.pk)))):
        assert "Your team has its project. If somebody has to leave it, write to the organizers." in page
        assert "team-form" not in page


def test_leaving_twice_is_no_error(client, stage, student):
    make_team(stage, lead=student)

    answers = [client.post(address(stage, "team_leave"), follow=True) for _press in range(2)]

    assert ["You have left the team" in text(answers[0]), "You are in no team now." in text(answers[1])] == [True, True]
    assert client.get(address(stage, "team_leave")).url == address(stage)
