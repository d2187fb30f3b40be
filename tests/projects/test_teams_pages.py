"""The pages of teams: what is shown to whom, and what is answered to what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from camp.projects.models import Team
from tests.admin_world import in_english
from tests.factories import make_enrollment, make_running_camp, make_staff_role, make_student, make_user
from tests.project_factories import make_placement, make_project, make_project_stage, make_project_student, make_round
from tests.project_factories import make_team as make_team_at

pytestmark = pytest.mark.django_db
LEAD_PAGES = ["team_edit", "team_lead", "team_code"]
FORMS = [*LEAD_PAGES, "team_new", "team_join", "team_leave"]


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


def make_student_of(stage, name=None):
    fields = {"display_name": name} if name else {}
    return make_project_student(stage, student=make_student(**fields), at=timezone.now())


def make_team(stage, *, lead=None, **fields):
    return make_team_at(stage, lead=lead or make_student_of(stage), at=timezone.now(), **fields)


def address(stage, name="team", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def lock(stage):
    type(stage).objects.filter(pk=stage.pk).update(teams_lock_at=timezone.now() - timedelta(hours=1))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def refused(response, status, sentence):
    """The page with the form again, and the refusal on it."""
    assert (response.status_code, response.context["form"].non_field_errors()) == (status, [sentence])
    return response.context["form"]


def test_without_a_team_the_ways_to_one_are_offered(client, stage, student):
    page = text(client.get(address(stage)))

    ways = [address(stage, name) for name in ("team_new", "team_join", "teams")]
    assert [f'href="{way}"' in page for way in ways] == [True, True, True]


def test_a_team_is_founded(client, stage, student):
    wish = {"name": "  Kernels ", "is_looking": "on", "looking_for": "Rust"}

    response = client.post(address(stage, "team_new"), wish)

    team = Team.objects.get()
    assert response.url == address(stage)
    assert (team.name, team.lead, team.is_looking, team.looking_for) == ("Kernels", student, True, "Rust")


def test_a_taken_name_stands_in_the_form_again(client, stage, student):
    make_team(stage, name="Kernels")

    form = refused(
        client.post(address(stage, "team_new"), {"name": "kernels", "looking_for": "Rust"}),
        409, "Another team has this name. Choose another.",
    )  # fmt: skip

    assert form["looking_for"].value() == "Rust"


@pytest.mark.parametrize("name", ["", " \u202e ", "x" * 61, "x" * 200_000])
def test_a_name_that_is_none_is_refused(client, stage, student, name):
    response = client.post(address(stage, "team_new"), {"name": name})

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["name"])


def test_control_characters_are_no_part_of_a_name(client, stage, student):
    client.post(address(stage, "team_new"), {"name": "Ker\x00nels"})

    assert "\x00" not in Team.objects.get().name


def test_the_own_team_shows_members_code_and_link(client, stage, student):
    team = make_team(stage, lead=student, members=[make_student_of(stage, "Grace")])

    page = text(client.get(address(stage)))

    assert [name in page for name in ("Ada", "Grace")] == [True, True]
    assert f'value="{team.code}"' in page
    assert f'value="{team.join_url}"' in page


def test_a_member_sees_the_code_but_not_what_leads_do(client, stage, student):
    team = make_team(stage, members=[student])

    page = text(client.get(address(stage)))

    assert f'value="{team.code}"' in page
    assert [f'href="{address(stage, name)}"' in page for name in LEAD_PAGES] == [False, False, False]


def test_a_full_team_shows_no_code(client, stage, student):
    team = make_team(stage, lead=student, size_limit=1)

    assert team.code not in text(client.get(address(stage)))


def test_a_locked_team_offers_no_change(client, stage, student):
    team = make_team(stage, lead=student)
    lock(stage)

    page = text(client.get(address(stage)))

    assert team.code not in page
    assert [f'href="{address(stage, name)}"' in page for name in (*LEAD_PAGES, "team_leave")] == [False] * 4
    assert "The teams have been locked since" in page


def test_a_placed_team_is_shown_its_project(client, stage, student):
    team = make_team(stage, lead=student, is_looking=True)
    make_placement(make_round(stage), team, make_project(stage, title="Faster attention"))

    page = text(client.get(address(stage)))

    assert "Your team does the project “Faster attention”." in page
    assert [word in page for word in (team.code, "looks for members", "Leave the team", "Teams can change")] == [
        False
    ] * 4


def test_a_link_fills_the_code_in(client, stage, student):
    team = make_team(stage)

    response = client.get(team.join_url)

    assert f'value="{team.code}"' in text(response)
    assert not team.members.filter(enrollment=student).exists()


def test_a_link_leads_there_after_signing_in(client, stage):
    link = make_team(stage).join_url.removeprefix("http://127.0.0.1:8000")

    response = client.get(link)

    assert (response.status_code, link.partition("=")[2] in response.url) == (302, True)


def test_joining_leads_to_the_team(client, stage, student):
    team = make_team(stage)

    response = client.post(address(stage, "team_join"), {"code": f" {team.code.upper()} "})

    assert response.url == address(stage)
    assert team.members.filter(enrollment=student).exists()


def test_a_wrong_code_is_kept_in_the_form(client, stage, student):
    form = refused(
        client.post(address(stage, "team_join"), {"code": "nonsense"}),
        400, "No team has this code now. Ask its lead for the current code.",
    )  # fmt: skip

    assert form["code"].value() == "nonsense"


@pytest.mark.parametrize("code", ["", "  ", "\x00", "---", "x" * 41, "x" * 200_000])
def test_what_is_no_code_is_refused(client, stage, student, code):
    response = client.post(address(stage, "team_join"), {"code": code})

    assert (response.status_code, list(response.context["form"].errors)) == (400, ["code"])


def test_codes_are_not_found_by_trying(client, stage, student):
    team = make_team(stage)
    for n in range(10):
        text(client.post(address(stage, "team_join"), {"code": f"wrong{n}"}), 400)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    refused(response, 429, "You have tried many codes. Wait a minute, then try again.")
    assert not team.members.filter(enrollment=student).exists()


def test_a_code_used_after_the_lock_is_refused_with_its_time(client, stage, student):
    team = make_team(stage)
    lock(stage)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    [said] = response.context["form"].non_field_errors()
    assert (response.status_code, said.startswith("The teams were locked at ")) == (403, True)


def test_a_full_team_says_so(client, stage, student):
    team = make_team(stage, name="Kernels", size_limit=1)

    response = client.post(address(stage, "team_join"), {"code": team.code})

    refused(response, 409, "The team “Kernels” is full. Found a team, or join another.")


def test_who_has_a_team_is_told_which(client, stage, student):
    make_team(stage, name="Kernels", lead=student)
    other = make_team(stage)

    shown = text(client.get(other.join_url))
    response = client.post(address(stage, "team_join"), {"code": other.code})

    assert "You are in the team “Kernels” already. Leave it first." in shown
    refused(response, 409, "You are in the team “Kernels” already. Leave it first.")
    assert [page.count("already. Leave it first.") for page in (shown, text(response, 409))] == [1, 1]
    assert ['name="code"' in page for page in (shown, text(response, 409))] == [False, False]


def test_the_lead_changes_the_team(client, stage, student):
    team = make_team(stage, lead=student)

    response = client.post(
        address(stage, "team_edit"), {"name": "Compilers", "is_looking": "on", "looking_for": "Rust"}
    )

    team.refresh_from_db()
    assert response.url == address(stage)
    assert (team.name, team.is_looking, team.looking_for) == ("Compilers", True, "Rust")


def test_the_form_of_a_team_begins_with_what_it_is(client, stage, student):
    make_team(stage, lead=student, name="Kernels", looking_for="Rust")

    page = text(client.get(address(stage, "team_edit")))

    assert ('value="Kernels"' in page, 'value="Rust"' in page) == (True, True)


def test_leaving_asks_first(client, stage, student):
    team = make_team(stage, name="Kernels", lead=student, members=[make_student_of(stage, "Grace")])

    page = text(client.get(address(stage, "team_leave")))

    assert ("Leave the team Kernels?" in page, "Grace leads it then." in page) == (True, True)
    assert team.members.filter(enrollment=student).exists()


def test_leaving_alone_says_that_the_team_ends(client, stage, student):
    make_team(stage, lead=student)

    assert "You are the last one: the team is disbanded then" in text(client.get(address(stage, "team_leave")))


def test_leaving_leads_to_the_ways_to_a_team(client, stage, student):
    team = make_team(stage, members=[student])

    response = client.post(address(stage, "team_leave"))

    assert response.url == address(stage)
    assert not team.members.filter(enrollment=student).exists()


def test_leaving_after_the_lock_is_refused(client, stage, student):
    team = make_team(stage, members=[student])
    lock(stage)

    assert client.post(address(stage, "team_leave")).status_code == 403
    assert team.members.filter(enrollment=student).exists()


def test_the_lead_is_handed_over(client, stage, student):
    other = make_student_of(stage)
    team = make_team(stage, lead=student, members=[other])
    member = team.members.get(enrollment=other)

    response = client.post(address(stage, "team_lead"), {"to": str(member.pk)})

    team.refresh_from_db()
    assert (response.url, team.lead) == (address(stage), other)


@pytest.mark.parametrize("to", ["", "x", "\x00", str(2**63), "-1", "0"])
def test_the_lead_goes_to_members_only(client, stage, student, to):
    team = make_team(stage, lead=student, members=[make_student_of(stage)])

    response = client.post(address(stage, "team_lead"), {"to": to})

    team.refresh_from_db()
    assert (response.status_code, team.lead) == (400, student)


def test_the_code_is_renewed_when_asked(client, stage, student):
    team = make_team(stage, lead=student)
    text(client.get(address(stage, "team_code")))
    assert Team.objects.get().code == team.code

    response = client.post(address(stage, "team_code"))

    assert response.url == address(stage)
    assert Team.objects.get().code != team.code


def test_a_member_is_taken_out_with_a_reason(client, stage, student):
    other = make_student_of(stage, "Grace")
    team = make_team(stage, lead=student, members=[other])
    page = address(stage, "team_remove", team.members.get(enrollment=other).pk)

    asked, empty = client.get(page), client.post(page, {"reason": ""})
    response = client.post(page, {"reason": "We never met you."})

    assert "Take Grace out of" in text(asked)
    assert (empty.status_code, response.url) == (400, address(stage))
    assert not team.members.filter(enrollment=other).exists()


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_who_is_not_in_the_team_is_not_found(client, stage, student, pk):
    make_team(stage, lead=student)

    assert client.post(address(stage, "team_remove", pk), {"reason": "x"}).status_code == 404


def test_members_of_another_team_are_not_found(client, stage, student):
    make_team(stage, lead=student)
    other = make_team(stage)

    page = address(stage, "team_remove", other.members.get().pk)

    assert client.post(page, {"reason": "x"}).status_code == 404
    assert other.members.count() == 1


@pytest.mark.parametrize("name", LEAD_PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_members_do_not_do_what_leads_do(client, stage, student, name, method):
    make_team(stage, members=[student])

    page = text(getattr(client, method)(address(stage, name)), 403)

    assert "Only the lead of the team does this, and you do not lead it now." in page


@pytest.mark.parametrize("name", [*LEAD_PAGES, "team_leave"])
def test_who_has_no_team_changes_none(client, stage, student, name):
    assert "You are in no team now." in text(client.post(address(stage, name)), 403)


@pytest.mark.parametrize("name", [*FORMS, "team", "teams"])
def test_strangers_find_nothing(client, stage, name):
    client.force_login(make_user())

    assert client.get(address(stage, name)).status_code == 404


@pytest.mark.parametrize("name", [*FORMS, "team", "teams"])
def test_students_outside_of_the_stage_are_told_why(client, stage, name):
    client.force_login(make_enrollment(stage.camp, at=timezone.now()).student)

    page = text(client.get(address(stage, name)), 403)

    assert "This is for the students of the stage “Project”, and you are not one now." in page


@pytest.mark.parametrize("name", [*FORMS, "team", "teams"])
def test_other_methods_are_refused(client, stage, student, name):
    assert client.delete(address(stage, name)).status_code == 405


def test_the_list_shows_who_looks_and_no_code(client, stage, student):
    team = make_team(
        stage, name="Kernels", is_looking=True, looking_for="<b>Rust</b>", lead=make_student_of(stage, "Li")
    )
    make_team(stage, name="Silent")
    make_team(stage, name="Full", is_looking=True, size_limit=1)
    make_team(stage, name="Gone", is_looking=True, disbanded_at=timezone.now())
    make_placement(make_round(stage), make_team(stage, name="Placed", is_looking=True), make_project(stage))

    page = text(client.get(address(stage, "teams")))

    assert [name in page for name in ("Kernels", "lead: Li", "2 free places", "&lt;b&gt;Rust&lt;/b&gt;")] == [True] * 4
    assert [name in page for name in ("Silent", "Full", "Gone", "Placed", team.code)] == [False] * 5


def test_after_the_lock_no_team_looks_for_members(client, stage, student):
    make_team(stage, name="Kernels", lead=student, is_looking=True, looking_for="Rust")
    lock(stage)

    pages = [text(client.get(address(stage, name))) for name in ("teams", "team")]

    for word in ("look for members", "looks for members", "free place", "Rust", "Enter a code"):
        assert [word in page for page in pages] == [False, False]


def test_the_list_says_when_it_is_empty(client, stage, student):
    assert "No team looks for members now" in text(client.get(address(stage, "teams"), {"page": "\x00"}))


def test_staff_see_the_list(client, stage):
    client.force_login(make_staff_role(stage.camp, role="mentor").user)
    make_team(stage, name="Kernels", is_looking=True)

    assert "Kernels" in text(client.get(address(stage, "teams")))


def test_the_list_costs_the_same_for_one_and_for_three(client, stage, student):
    queries = [cost(client, address(stage, "teams"), make_looking(stage, number)) for number in (1, 2)]

    assert queries[0] == queries[1]


def make_looking(stage, number):
    return [make_team(stage, is_looking=True) for _ in range(number)]


def cost(client, page, _rows):
    """Queries of a page that was asked for before: the first request of a session writes more."""
    text(client.get(page))
    with CaptureQueriesContext(connection) as queries:
        text(client.get(page))
    return len(queries)


def test_the_team_costs_the_same_for_one_and_for_three(client, stage, student):
    team = make_team(stage, lead=student)
    alone = cost(client, address(stage), team)
    for _ in range(2):
        other = make_student_of(stage)
        team.members.create(project_stage=stage, enrollment=other)
        Team.objects.take_place(team.pk)

    assert cost(client, address(stage), team) == alone
