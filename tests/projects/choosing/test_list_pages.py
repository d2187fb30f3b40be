"""The page of a list when something is amiss: closed projects, late lists, searches, garbage; and between rounds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from camp.projects import topics
from camp.projects.choosing import selection
from camp.projects.models import PreferenceList, SelectionRound
from tests.factories import make_running_camp, make_user
from tests.project_factories import (
    make_mentor,
    make_placement,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
CLOSED = "closed: counts no more"
BROKEN = "This page sent something that is not a list. Load it again."


def now():
    return datetime.now(UTC)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=now())


@pytest.fixture
def round(stage):
    return make_round(stage, at=now())


@pytest.fixture
def team(stage):
    return make_team(stage, at=now())


@pytest.fixture
def member(client, team):
    client.force_login(team.lead.student)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def place(stage, name="preferences", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def html(client, address):
    return client.get(address).content.decode()


def end(**fields):
    fields = {"opens_at": now() - timedelta(days=2), "closes_at": now() - timedelta(hours=1)} | fields
    SelectionRound.objects.update(**fields)


def submit(round, team, *projects):
    return selection.submit_list(round, team, list(projects), by=team.lead.student, based_on=0)


def test_a_closed_project_is_marked_wherever_the_list_is_read(stage, round, team, member):
    project = make_project(stage)
    submit(round, team, project)
    topics.close_project(project, by=make_user(), reason="It is full.")

    pages = [place(stage), place(stage, "receipt", 1, 1)]

    assert [CLOSED in html(member, page) for page in pages] == [True, True]
    assert "is closed or withdrawn, so it counts no more." in html(member, pages[0])
    assert "If it is on your list, it counts no more" in html(member, project.get_absolute_url())
    end()
    assert [CLOSED in html(member, page) for page in pages] == [True, True]


def test_after_the_result_the_list_is_not_marked_any_more(stage, round, team, member):
    project = make_project(stage)
    submit(round, team, project)
    topics.close_project(project, by=make_user(), reason="It is full.")
    end(published_at=now(), published_by=make_user())

    assert CLOSED not in html(member, place(stage)) + html(member, place(stage, "receipt", 1, 1))


def test_the_result_gives_the_reason_of_the_staff(stage, round, team, member):
    closed, withdrawn, plain = (make_project(stage) for _ in range(3))
    why = [{"project": one.pk, "title": "T", "rank": rank, "reason": "closed", "basis": None}
           for rank, one in enumerate((closed, withdrawn, plain), start=1)]  # fmt: skip
    topics.close_project(closed, by=make_user(), reason="It is full.")
    topics.withdraw_project(withdrawn, by=make_user(), reason="The server is gone.")
    make_placement(round, team, None, why=why)

    result = member.get(place(stage, "result")).context["result"]

    assert [line.sentence for line in result.lines] == [
        "Your 1st choice was closed by the staff: It is full.",
        "Your 2nd choice was withdrawn by the staff: The server is gone.",
        "Your 3rd choice does not take place.",
    ]


def test_between_rounds_the_page_says_when_the_next_one_opens(stage, round, team, member):
    end()
    make_round(stage, number=2, at=now() + timedelta(days=3))

    sheet = member.get(place(stage)).context["sheet"]

    assert (sheet.round.number, sheet.following.number) == (1, 2)
    assert "Teams without a project give a list here then." in html(member, place(stage))
    make_placement(round, team, make_project(stage))
    assert "give a list here then." not in html(member, place(stage))


def test_a_late_list_stays_to_be_copied(stage, round, team, member):
    project = make_project(stage, title="Kernels")
    end()

    response = member.post(place(stage), {"order": [project.pk], "act": "submit", "based_on": 0})

    assert response.status_code == 403
    assert "<li>Kernels</li>" in response.content.decode()
    assert "It came too late and does not count." in response.content.decode()
    assert "you had given no list" in response.content.decode()
    assert "It came too late" not in html(member, place(stage))


def test_a_search_is_a_get_that_keeps_the_order_that_is_not_submitted(stage, round, team, member):
    first, second, found = make_project(stage), make_project(stage), make_project(stage, skills=["CUDA"])
    submit(round, team, first)

    sheet = member.get(place(stage), {"q": "cuda", "order": [second.pk, first.pk], "based_on": 1}).context["sheet"]

    assert [line.project for line in sheet.chosen] == [second, first]
    assert [line.project for line in sheet.others if line.is_found] == [found]
    assert (sheet.based_on, sheet.is_changed, PreferenceList.objects.count()) == (1, True, 1)


def test_a_get_with_garbage_is_a_400_with_a_sentence(stage, round, team, member):
    response = member.get(place(stage), {"order": "x", "based_on": 1, "act": "submit"})

    assert response.status_code == 400
    assert BROKEN in response.content.decode()


@pytest.mark.parametrize("query", ["kernel", "ＣＵＤＡ", "careful", "wang", "ada"])
def test_the_two_searches_find_the_same(stage, round, team, member, query):
    people = [make_mentor(stage, user=make_user(display_name=name)) for name in ("Wang", "Ada")]
    project = make_project(stage, title="Kernels", skills=["cuda"], description="Careful.", mentor=people[0])
    project.co_mentors.add(people[1])
    make_project(stage)

    sheet = member.get(place(stage), {"q": query}).context["sheet"]
    catalogue = member.get(place(stage, "list"), {"q": query}).context["catalogue"]

    assert [line.project for line in sheet.others if line.is_found] == [project]
    assert [card.project for card in catalogue.page.object_list] == [project]


@pytest.mark.parametrize("words", [{"based_on": "x"}, {"based_on": "-1"}, {"act": "x" * 99}, {"q": "x" * 999}])
def test_garbage_in_fields_that_nobody_sees_is_answered_with_a_sentence(stage, round, team, member, words):
    sent = {"order": [make_project(stage).pk], "act": "submit", "based_on": 0} | words

    response = member.post(place(stage), sent)

    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_all_refusals_are_on_the_page(stage, round, team, member):
    projects = [make_project(stage, title=title, team_size_min=3) for title in ("One", "Two")]

    response = member.post(place(stage), {"order": [one.pk for one in projects], "act": "submit", "based_on": 0})

    page = response.content.decode()
    assert response.status_code == 400
    assert page.index("“One” is for teams") < page.index("“Two” is for teams") < page.index("Take them off the list.")


def test_an_unchanged_list_that_does_not_fit_is_not_called_good(stage, round, team, member):
    project = make_project(stage, team_size_max=1)
    submit(round, team, project)
    member_of_two = make_project_student(stage, at=now())
    team.members.create(project_stage=stage, enrollment=member_of_two)
    type(team).objects.update(size=2)
    says = "1 of your team&#x27;s 1 choices does not fit a team of 2, so it cannot count."

    sent = {"order": [project.pk], "act": "submit", "based_on": 1}
    page = member.post(place(stage), sent, follow=True).content.decode()

    assert f"Nothing was changed. {says}" in page
    assert says in html(member, place(stage))
    end()
    assert says in html(member, place(stage))


def test_no_stranger_reads_how_a_list_fits(stage, round, team, client):
    make_preferences(round, team, make_project(stage, team_size_max=1))
    client.force_login(make_project_student(stage, at=now()).student)

    assert client.get(place(stage)).context["sheet"].fit is None
