"""The list of projects with its filters, and the page of one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.camps.models import SupportProject
from camp.projects.models import Project, SavedProject
from tests.factories import make_running_camp, make_staff_role, make_user
from tests.project_factories import (
    make_mentor,
    make_preferences,
    make_project,
    make_project_stage,
    make_project_student,
    make_round,
    make_team,
)

pytestmark = pytest.mark.django_db
STATUS = Project.Status
SHOWN = ["Quicker.", "Lin Mu, Xu Ke", "2 teams", "2 to 4 people", "CUDA", "Rust", "InfiniLM", "advanced", "closed"]


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def stage(now):
    return make_project_stage(make_running_camp(), at=now)


@pytest.fixture
def unpublished(now):
    return make_project_stage(make_running_camp("winter"), at=now, topics_published_at=now + timedelta(days=1))


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def at(stage, name="list", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def found(client, stage, **query):
    page = client.get(at(stage), query)
    assert page.status_code == 200
    return [card.project for card in page.context["catalogue"].page.object_list]


def test_published_topics_are_everybodys(client, stage):
    project = make_project(stage)

    assert found(client, stage) == [project]
    assert client.get(project.get_absolute_url()).status_code == 200


def test_unpublished_topics_are_for_the_staff(client, unpublished):
    project, student = make_project(unpublished), make_project_student(unpublished, at=datetime.now(UTC))
    staff = make_staff_role(unpublished.camp, role="assistant").user
    addresses = [at(unpublished), project.get_absolute_url()]

    assert [client.get(url).status_code for url in addresses] == [404, 404]
    client.force_login(student.student)
    assert [client.get(url).status_code for url in addresses] == [404, 404]
    client.force_login(staff)
    assert [client.get(url).status_code for url in addresses] == [200, 200]
    assert "Only the staff see this page so far" in client.get(addresses[0]).content.decode()


def test_a_camp_without_a_project_stage_has_no_projects(client):
    camp = make_running_camp()

    assert client.get(reverse("projects:list", args=camp.address)).status_code == 404


def test_drafts_are_for_the_staff(client, stage):
    draft = make_project(stage, status=STATUS.DRAFT)

    assert found(client, stage) == []
    assert client.get(draft.get_absolute_url()).status_code == 404

    client.force_login(make_staff_role(stage.camp, role="teacher").user)
    assert found(client, stage) == [draft]
    assert "This is a draft" in client.get(draft.get_absolute_url()).content.decode()


def test_projects_of_another_camp_are_not_here(client, stage):
    elsewhere = make_project(make_project_stage())

    assert found(client, stage) == []
    assert client.get(at(stage, "detail", elsewhere.number)).status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_no_project_has_is_a_404(client, stage, number):
    assert client.get(at(stage, "detail", number)).status_code == 404


def test_a_card_says_what_one_chooses_by(client, stage):
    mentor, helper = (make_mentor(stage, user=make_user(display_name=name)) for name in ("Lin Mu", "Xu Ke"))
    own = SupportProject.objects.create(
        organization=stage.camp.organization, name="InfiniLM", url="https://example.org/x"
    )
    project = make_project(
        stage, title="<b>内核</b>", summary="Quicker.", seats=2, team_size_min=2, team_size_max=4, mentor=mentor,
        skills=["CUDA", "Rust"], support_project=own, difficulty="advanced", status=STATUS.CLOSED, least_teams=2,
    )  # fmt: skip
    project.co_mentors.add(helper)

    for url in (at(stage), project.get_absolute_url()):
        page = " ".join(client.get(url).content.decode().split())

        for words in ("&lt;b&gt;内核&lt;/b&gt;", *SHOWN):
            assert words in page, words
        assert "<b>内核" not in page


def test_a_project_without_seats_says_so(client, stage):
    project = make_project(stage, seats=0, team_size_min=1, team_size_max=1)

    for url in (at(stage), project.get_absolute_url()):
        page = client.get(url).content.decode()

        assert "no seats" in page
        assert "1 person" in page


def test_the_description_is_markdown_and_safe(client, stage):
    project = make_project(stage, description="*quick* <script>x</script>", deliverables="- a report")

    page = client.get(project.get_absolute_url()).content.decode()

    assert "<em>quick</em> &lt;script&gt;x&lt;/script&gt;" in page
    assert "<li>a report</li>" in page


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(STATUS.CLOSED, "it takes no further team"), (STATUS.WITHDRAWN, "it is not offered any more")],
)
def test_what_is_not_open_says_what_that_means_and_why(client, stage, status, sentence):
    project = make_project(stage, status=status, status_reason="The server is gone.")

    page = client.get(project.get_absolute_url()).content.decode()

    assert sentence in page
    assert "The server is gone." in page


@pytest.mark.parametrize("query", ["rust", "RUST", "快", "算子 RUST", "ｒｕｓｔ", "quicker", " ünder ", "deep words"])
def test_the_search_finds_case_width_and_chinese(client, stage, query):
    project = make_project(
        stage, title="更快的算子", summary="Quicker.", skills=["Rust"], description="ÜNDER deep\nwords"
    )
    make_project(stage, title="Other", summary="Nothing.")

    assert found(client, stage, q=query) == [project]


def test_filters_combine(client, stage):
    mentor, helper = make_mentor(stage), make_mentor(stage)
    own = SupportProject.objects.create(
        organization=stage.camp.organization, name="InfiniLM", url="https://example.org"
    )
    first = make_project(stage, difficulty="starter", skills=["Rust"], mentor=mentor)
    second = make_project(stage, difficulty="starter", skills=["rust", "C++"], support_project=own, mentor=mentor)
    third = make_project(stage, difficulty="advanced", status=STATUS.CLOSED, mentor=helper)
    second.co_mentors.add(helper)

    assert found(client, stage) == [first, second, third]
    assert found(client, stage, difficulty="starter") == [first, second]
    assert found(client, stage, skill="RUST") == [first, second]
    assert found(client, stage, skill="c++", difficulty="starter") == [second]
    assert found(client, stage, of=own.pk) == [second]
    assert found(client, stage, mentor=helper.pk) == [second, third]
    assert found(client, stage, mentor=helper.pk, open="1") == [second]
    assert found(client, stage, open="1") == [first, second]
    assert found(client, stage, open="1", difficulty="advanced") == []


def test_filters_keep_what_was_chosen_and_say_how_to_widen(client, stage):
    make_project(stage, difficulty="starter", skills=["Rust"])

    page = client.get(at(stage), {"q": '"no such"', "difficulty": "starter", "skill": "rust", "open": "1"})

    html = page.content.decode()
    assert 'value="&quot;no such&quot;"' in html
    assert '<option value="starter" selected>' in html
    assert '<option value="rust" selected>Rust</option>' in html
    assert 'name="open" value="1" checked' in html
    assert "No project fits" in html
    assert "Use fewer words" in html


@pytest.mark.parametrize("name", ["q", "difficulty", "skill", "of", "mentor", "open", "saved", "page"])
@pytest.mark.parametrize("value", ["\0", "x" * 5000, "9" * 5000, str(2**63), "-1", "%00", "{}", "\ud7ff'\"<"])
def test_garbage_in_the_address_is_passed_over(client, stage, name, value):
    make_project(stage, skills=["Rust"])
    client.force_login(make_user())

    assert client.get(at(stage), {name: value}).status_code == 200


def test_an_unknown_choice_filters_nothing(client, stage):
    project = make_project(stage)

    assert found(client, stage, difficulty="impossible", mentor="7", of="7", skill="x") == [project]


def test_the_list_has_pages(client, stage):
    for _each in range(31):
        make_project(stage)

    assert (len(found(client, stage)), len(found(client, stage, page="2"))) == (30, 1)


def test_an_empty_list_says_what_will_appear(client, stage):
    assert "appear here when the staff publish them" in client.get(at(stage)).content.decode()

    client.force_login(make_staff_role(stage.camp).user)
    assert "Add projects in the administration" in client.get(at(stage)).content.decode()


def test_a_project_is_saved_found_and_unsaved(client, stage):
    project, _other = make_project(stage), make_project(stage)
    client.force_login(make_user())

    response = client.post(at(stage, "save", project.number))

    assert (response.status_code, response["Location"]) == (302, project.get_absolute_url())
    assert found(client, stage, saved="1") == [project]
    assert "Do not save it any more" in client.get(project.get_absolute_url()).content.decode()

    client.post(at(stage, "unsave", project.number))
    assert found(client, stage, saved="1") == []
    assert "Save for later" in client.get(project.get_absolute_url()).content.decode()


def test_who_is_not_signed_in_saves_nothing(client, stage):
    project = make_project(stage)

    assert client.post(at(stage, "save", project.number)).status_code == 302
    assert SavedProject.objects.count() == 0
    assert found(client, stage, saved="1") == [project]
    assert "Save for later" not in client.get(project.get_absolute_url()).content.decode()


def test_drafts_are_not_saved_by_students(client, stage):
    draft = make_project(stage, status=STATUS.DRAFT)
    client.force_login(make_user())

    assert client.post(at(stage, "save", draft.number)).status_code == 404
    assert SavedProject.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "method"), [("save", "get"), ("unsave", "get"), ("choose", "get"), ("detail", "post")]
)
def test_wrong_methods_are_refused(client, stage, name, method):
    project = make_project(stage)
    client.force_login(make_user())

    assert getattr(client, method)(at(stage, name, project.number)).status_code == 405


def test_nobody_reads_who_chose_a_project(client, stage, now):
    project = make_project(stage)
    team = make_team(stage, at=now, name="Seven Otters")
    round = make_round(stage, at=now, opens_at=now - timedelta(days=3), closes_at=now)
    client.force_login(team.lead.student)
    pages = [client.get(url).content.decode() for url in (at(stage), project.get_absolute_url())]

    make_preferences(round, team, project)

    after = [client.get(url).content.decode() for url in (at(stage), project.get_absolute_url())]
    assert [without_token(page) for page in after] == [without_token(page) for page in pages]


def without_token(page):
    return [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line and "min" not in line]


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_with_more_projects(client, stage):
    def one():
        own = SupportProject.objects.create(
            organization=stage.camp.organization, name=f"P{SupportProject.objects.count()}", url="https://example.org"
        )
        project = make_project(stage, mentor=make_mentor(stage), support_project=own)
        project.co_mentors.add(make_mentor(stage))

    client.force_login(make_user())
    one()
    client.get(at(stage))
    few = queries(client, at(stage))
    one()
    one()

    assert queries(client, at(stage)) == few
