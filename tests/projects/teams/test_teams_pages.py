"""The page of a team, the list of teams, and who finds the pages of teams at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from camp.projects.models import Team
from tests.admin_world import in_english
from tests.factories import make_enrollment, make_running_camp, make_staff_role, make_user
from tests.project_factories import make_placement, make_project, make_project_stage, make_round
from tests.projects.team_pages import address, lock, make_student_of, make_team, refused, text

pytestmark = pytest.mark.django_db
LEAD_PAGES = ["team_edit", "team_lead", "team_code"]
FORMS = ["team_edit", "team_lead", "team_code", "team_new", "team_join", "team_leave"]


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

    assert Team.objects.get().name == "Kernels"


def test_a_name_has_one_width_so_that_it_is_not_taken_twice(client, stage, student):
    client.post(address(stage, "team_new"), {"name": "Ｋｅｒｎｅｌｓ", "looking_for": "会 ＣＵＤＡ（①）！"})

    assert Team.objects.values_list("name", "looking_for").get() == ("Kernels", "会 ＣＵＤＡ（①）！")


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

    assert "Your project: Faster attention" in page
    assert [word in page for word in (team.code, "looks for members", "Leave the team", "Teams can change")] == [
        False
    ] * 4


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
