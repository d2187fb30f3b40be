"""The page of preferences: put in order without JavaScript, submitted, refused with everything kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.projects.choosing import selection
from camp.projects.models import Preference, PreferenceList, Project, SavedProject, SelectionRound
from tests.factories import make_enrollment, make_running_camp, make_student
from tests.project_factories import (
    make_placement,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db


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
    return make_team(stage, lead=make_project_student(stage, at=now()), members=[make_project_student(stage, at=now())])


@pytest.fixture
def member(client, team):
    client.force_login(team.lead.student)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def place(stage, name="preferences", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def send(client, stage, *projects, act="submit", based_on=0, **words):
    order = [getattr(project, "pk", project) for project in projects]
    return client.post(place(stage), {"order": order, "act": act, "based_on": based_on} | words)


def ids(lines):
    return [line.project.pk for line in lines]


def test_the_page_shows_the_list_and_the_other_projects_saved_ones_first(stage, round, team, member):
    projects = [make_project(stage) for _ in range(4)]
    selection.submit_list(round, team, [projects[2], projects[0]], by=team.lead.student, based_on=0)
    SavedProject.objects.create(project=projects[3], user=team.lead.student)
    make_project(stage, status=Project.Status.CLOSED)

    sheet = member.get(place(stage)).context["sheet"]

    assert ids(sheet.chosen) == [projects[2].pk, projects[0].pk]
    assert ids(sheet.others) == [projects[3].pk, projects[1].pk]
    assert (sheet.based_on, sheet.is_changed) == (1, False)


def test_a_reserved_seat_that_is_not_on_the_list_is_named(stage, round, team, member):
    own, other = make_project(stage, title="Our own", reserved_for=team), make_project(stage)
    make_project(stage, title="Theirs", reserved_for=make_team(stage, at=now()))

    def said():
        page = member.get(place(stage)).content.decode()
        return [f"A seat of “{title}” is reserved for your team" in page for title in ("Our own", "Theirs")]

    send(member, stage, other)
    assert said() == [True, False]
    send(member, stage, other, own, based_on=1)
    assert said() == [False, False]


@pytest.mark.parametrize(
    ("act", "order"),
    [("up:1", (1, 0, 2)), ("down:1", (0, 2, 1)), ("up:0", (0, 1, 2)), ("down:2", (0, 1, 2)), ("remove:1", (0, 2)),
     ("add:3", (0, 1, 2, 3)), ("show", (0, 1, 2))],
)  # fmt: skip
def test_buttons_change_the_order_on_the_page_and_submit_nothing(stage, round, team, member, act, order):
    projects = [make_project(stage) for _ in range(4)]
    name, _colon, which = act.partition(":")
    pressed = f"{name}:{projects[int(which)].pk}" if which else name

    response = send(member, stage, *projects[:3], act=pressed)

    assert response.status_code == 200
    assert ids(response.context["sheet"].chosen) == [projects[n].pk for n in order]
    assert response.context["sheet"].is_changed
    assert PreferenceList.objects.count() == 0


def test_a_search_finds_projects_and_keeps_the_order(stage, round, team, member):
    kept, found, _other = make_project(stage), make_project(stage, skills=["CUDA"]), make_project(stage)

    sheet = send(member, stage, kept, act="show", q="cuda").context["sheet"]

    shown = [line for line in sheet.others if line.is_found]
    assert (ids(sheet.chosen), ids(shown), sheet.query) == ([kept.pk], [found.pk], "cuda")


def test_a_submitted_list_leads_to_its_receipt(stage, round, team, member):
    project = make_project(stage, title="Kernels")

    response = send(member, stage, project)

    assert response.url == place(stage, "receipt", round.number, 1)
    page = member.get(response.url)
    assert (page.status_code, page.context["is_latest"]) == (200, True)
    assert "Kernels" in page.content.decode()


def test_an_unchanged_list_counts_already(stage, round, team, member):
    project = make_project(stage)
    send(member, stage, project)

    response = member.post(place(stage), {"order": [project.pk], "act": "submit", "based_on": 1}, follow=True)

    assert "Nothing was changed: this list counts already." in response.content.decode()
    assert PreferenceList.objects.count() == 1


def test_who_has_no_team_reads_of_their_own_list(client, stage, round):
    client.force_login(make_project_student(stage, at=now()).student)

    page = client.get(place(stage), headers={"accept-language": "en"}).content.decode()

    assert ">Your list of projects</h1>" in page
    assert "The list of your team" not in page


def test_all_versions_are_the_teams_to_read_and_nobody_elses(client, stage, round, team, member):
    projects = [make_project(stage), make_project(stage)]
    send(member, stage, projects[0])
    send(member, stage, projects[1], based_on=1)

    first = member.get(place(stage, "receipt", 1, 1))
    assert [one.version for one in first.context["lists"]] == [2, 1]
    assert not first.context["is_latest"]

    client.force_login(make_team(stage, lead=make_project_student(stage, at=now())).lead.student)
    assert client.get(place(stage, "receipt", 1, 1)).status_code == 404


def test_after_a_conflict_both_lists_are_shown_and_a_second_press_submits(stage, round, team, member):
    theirs, mine = make_project(stage, title="Theirs"), make_project(stage, title="Mine")
    selection.submit_list(round, team, [theirs], by=team.members.last().enrollment.student, based_on=0)

    response = send(member, stage, mine)

    sheet = response.context["sheet"]
    assert (response.status_code, response.context["is_conflict"]) == (409, True)
    assert (ids(sheet.chosen), ids(sheet.current), sheet.based_on) == ([mine.pk], [theirs.pk], 1)
    assert send(member, stage, mine, based_on=sheet.based_on).status_code == 302
    assert Preference.objects.get().project == mine


def test_a_closed_project_is_refused_and_the_list_kept(stage, round, team, member):
    gone, good = make_project(stage, title="Gone", status=Project.Status.CLOSED), make_project(stage)

    response = send(member, stage, good, gone)

    assert response.status_code == 400
    assert ids(response.context["sheet"].chosen) == [good.pk, gone.pk]
    assert response.context["form"].non_field_errors() == [
        "“Gone” is closed, so it cannot be chosen. Take it off the list."
    ]


def test_after_the_close_the_page_says_when_it_closed(stage, round, team, member):
    project = make_project(stage)
    selection.submit_list(round, team, [project], by=team.lead.student, based_on=0)
    SelectionRound.objects.update(opens_at=now() - timedelta(days=2), closes_at=now() - timedelta(hours=1))

    response = send(member, stage, make_project(stage), based_on=1)

    assert response.status_code == 403
    assert "This round closed on" in response.content.decode()
    assert Preference.objects.get().project == project
    assert ids(member.get(place(stage)).context["sheet"].current) == [project.pk]


def test_an_empty_list_is_taken_back_only_when_that_is_said(stage, round, team, member):
    send(member, stage, make_project(stage))

    assert send(member, stage, based_on=1).status_code == 400
    assert Preference.objects.count() == 1
    assert send(member, stage, based_on=1, take_back="on").status_code == 302
    assert Preference.objects.count() == 0


@pytest.mark.parametrize("order", ["x", "\x00", "-1", "1.5", "9" * 19, "٣"])
def test_garbage_for_ids_is_answered_with_a_sentence(stage, round, team, member, order):
    response = send(member, stage, order)

    assert response.status_code == 400
    assert response.context["form"].errors["order"] == ["This page sent something that is not a list. Load it again."]


@pytest.mark.parametrize("words", [{"based_on": "x"}, {"based_on": 2**63}, {"act": "up:x"}, {"act": "up:" + "9" * 30},
                                   {"act": "\x00"}, {"act": "x" * 99}, {"q": "\x00"}, {"q": "x" * 999}])  # fmt: skip
def test_garbage_elsewhere_never_breaks_the_page(stage, round, team, member, words):
    response = member.post(place(stage), {"order": [make_project(stage).pk], "act": "show"} | words)

    assert response.status_code in (200, 400)
    assert PreferenceList.objects.count() == 0


def test_an_id_of_no_project_is_refused(stage, round, team, member):
    assert send(member, stage, 10**17).status_code == 400


@pytest.mark.parametrize("number", [2, 2**63])
def test_a_receipt_that_is_not_there_is_not_found(stage, round, team, member, number):
    assert member.get(place(stage, "receipt", 1, number)).status_code == 404
    assert member.get(place(stage, "receipt", number, 1)).status_code == 404


def test_without_a_round_the_page_says_so_and_takes_nothing(stage, team, member):
    assert member.get(place(stage)).context["sheet"].round is None
    assert send(member, stage, make_project(stage)).status_code == 404


def test_who_has_no_team_submits_as_a_team_of_one(client, stage, round):
    student = make_project_student(stage, at=now())
    client.force_login(student.student)

    assert client.get(place(stage)).status_code == 200
    assert send(client, stage, make_project(stage)).status_code == 302
    assert Preference.objects.get().team.lead == student


def test_a_second_round_takes_those_left_over_over_the_free_seats(stage, round, team, member):
    SelectionRound.objects.update(closes_at=now() - timedelta(hours=1))
    full, free = make_project(stage), make_project(stage)
    make_placement(round, make_team(stage, lead=make_project_student(stage, at=now())), full)
    make_placement(round, team)
    make_round(stage, at=now(), number=2, method="assignment")

    response = member.get(place(stage))

    warnings = {line.project: bool(line.warning) for line in response.context["sheet"].others}
    assert warnings == {full: True, free: False}
    assert "Give as many choices as you can" in response.content.decode()
    assert send(member, stage, free).status_code == 302


def test_a_placed_team_needs_no_list(stage, round, team, member):
    make_placement(round, team, make_project(stage))

    assert not member.get(place(stage)).context["sheet"].takes_list
    assert send(member, stage, make_project(stage)).status_code == 403


def test_strangers_find_nothing_and_students_of_other_stages_a_sentence(client, stage, round):
    client.force_login(make_student())
    assert client.get(place(stage)).status_code == 404

    client.force_login(make_enrollment(stage.camp, at=now()).student)
    assert client.get(place(stage)).status_code == 403
    assert client.get(place(stage, "receipt", 1, 1)).status_code == 403


def test_the_page_takes_no_other_methods(stage, round, team, member):
    assert member.put(place(stage)).status_code == 405
    assert member.post(place(stage, "receipt", 1, 1)).status_code == 405


def test_the_page_costs_the_same_for_one_project_and_for_more(stage, round, team, member):
    selection.submit_list(round, team, [make_project(stage)], by=team.lead.student, based_on=0)
    make_project(stage)
    member.get(place(stage))
    with CaptureQueriesContext(connection) as one:
        member.get(place(stage))
    selection.submit_list(round, team, [make_project(stage), make_project(stage)], by=team.lead.student, based_on=1)
    make_project(stage)

    with CaptureQueriesContext(connection) as more:
        member.get(place(stage))

    assert len(one) == len(more)
