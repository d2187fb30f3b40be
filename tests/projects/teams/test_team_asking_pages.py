"""The pages on which students ask teams, leads answer, and who has no team stands on a list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.projects import asking
from camp.projects.models import JoinRequest, Seeker
from tests.admin_world import in_english
from tests.factories import make_running_camp, make_user
from tests.project_factories import make_preferences, make_project, make_project_stage, make_round
from tests.projects.team_pages import address, lock, make_student_of, make_team, refused, text

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def team(stage):
    return make_team(stage, name="Kernels", is_looking=True)


def ask(team, stage, name="Bo"):
    student = make_student_of(stage, name)
    return asking.ask_to_join(student, team, by=student.student, note="<b>Rust</b>")


def test_a_student_asks_a_team_and_takes_it_back(client, stage, student, team):
    page = address(stage, "team_ask", team.pk)
    assert f'href="{page}"' in text(client.get(address(stage, "teams")))
    assert "Ask to join Kernels" in text(client.get(page))

    answer = client.post(page, {"note": "I bring Rust."}, follow=True)

    assert "The lead of “Kernels” is asked." in text(answer)
    assert "You have asked. A notice brings the answer." in text(answer)
    assert JoinRequest.objects.get().note == "I bring Rust."
    taken = client.post(address(stage, "team_ask_take_back", JoinRequest.objects.get().pk), follow=True)
    assert "You have asked this team before." in text(taken)
    refused(
        client.post(page, {"note": "x"}), 409, "You have asked this team before. Its lead can still give you its code."
    )


def test_what_does_not_fit_is_kept(client, stage, student, team):
    response = client.post(address(stage, "team_ask", team.pk), {"note": "x" * 241})

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["note"])
    assert client.post(address(stage, "team_seek"), {"about": " "}).status_code == 400


@pytest.mark.parametrize(
    ("act", "said", "size"), [("accept", "They are in your team now", 2), ("decline", "is declined", 1)]
)
def test_the_lead_answers_on_the_page_of_the_team(client, stage, student, act, said, size):
    team = make_team(stage, lead=student, is_looking=True)
    request = ask(team, stage)
    page = text(client.get(address(stage)))
    assert ["Requests to join" in page, "&lt;b&gt;Rust&lt;/b&gt;" in page, "<strong>Bo</strong>" in page] == [True] * 3

    answer = text(client.post(address(stage, f"team_ask_{act}", request.pk), follow=True))

    assert said in answer
    assert "Requests to join" not in answer
    assert team.members.count() == size


def test_the_lead_reads_what_one_person_more_costs(client, stage, student):
    team = make_team(stage, lead=student, is_looking=True)
    ask(team, stage)
    make_preferences(make_round(stage, at=timezone.now()), team, make_project(stage, team_size_max=1))

    assert "With one person more: 1 of your team&#x27;s 1 choices does not fit a team of 2" in text(
        client.get(address(stage))
    )


def test_a_refused_answer_is_a_sentence(client, stage, student):
    team = make_team(stage, lead=student, is_looking=True)
    request = ask(team, stage)
    make_team(stage, name="Elsewhere", lead=request.enrollment)

    answer = text(client.post(address(stage, "team_ask_accept", request.pk), follow=True))

    assert "Bo is in the team “Elsewhere” already." in answer


@pytest.mark.parametrize("act", ["accept", "decline", "take_back"])
def test_requests_of_others_are_not_there(client, stage, student, team, act):
    request = ask(team, stage)
    page = address(stage, f"team_ask_{act}", request.pk)

    assert client.post(page).status_code == 404
    make_team(stage, lead=student)
    assert client.post(page).status_code == 404
    assert client.get(page).status_code == 405
    client.force_login(make_user())
    assert client.post(page).status_code == 404
    assert JoinRequest.objects.get().is_open


def test_members_who_do_not_lead_see_no_requests(client, stage, student):
    team = make_team(stage, is_looking=True, members=[student])
    ask(team, stage)

    assert "Requests to join" not in text(client.get(address(stage)))


def test_a_student_stands_on_the_list_without_founding_a_team(client, stage, student):
    answer = text(client.post(address(stage, "team_seek"), {"about": "I bring Rust."}, follow=True))

    assert ["<h3>Ada</h3>" in answer, "I bring Rust." in answer, "Take me off the list" in answer] == [True] * 3
    assert 'value="I bring Rust."' in text(client.get(address(stage, "team_seek")))
    assert "<h3>Ada</h3>" not in text(client.post(address(stage, "team_seek_stop"), follow=True))


@pytest.mark.parametrize("locked", [True, False])
def test_who_cannot_join_is_offered_nothing(client, stage, student, team, locked):
    if locked:
        lock(stage)
    else:
        make_team(stage, name="Own", lead=student)

    page = text(client.get(address(stage, "teams")))

    assert ["Ask to join" in page, address(stage, "team_seek") in page] == [False, False]
    for name, args in (("team_seek", ()), ("team_ask", (team.pk,))):
        assert "team-form" not in text(client.get(address(stage, name, *args)))
        assert client.post(address(stage, name, *args), {"about": "x"}).status_code in (403, 409)
    assert (JoinRequest.objects.count(), Seeker.objects.count()) == (0, 0)


def test_the_pages_cost_the_same_for_one_and_for_three(client, stage, student):
    def cost(count):
        for _ in range(count):
            ask(make_team(stage, is_looking=True), stage)
            seeker = make_student_of(stage)
            asking.seek(seeker, stage, by=seeker.student, about="Rust")
        client.get(address(stage, "teams"))
        with CaptureQueriesContext(connection) as captured:
            text(client.get(address(stage, "teams")))
        return len(captured)

    assert cost(1) == cost(2)
