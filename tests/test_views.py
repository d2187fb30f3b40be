"""The pages above the apps: home, a camp's home, one's own page, health, language."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from camp.camps.models import CampLink, FaqEntry, SupportProject
from camp.stages import services as stages
from camp.stages.models import Announcement
from tests.factories import (
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_meeting,
    make_organization,
    make_requirement,
    make_running_camp,
    make_stage,
    make_standing,
    make_student,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    """A camp with something in every corner of its page."""
    camp = make_running_camp(name="Summer camp")
    foundation = make_stage(camp, "foundation", position=1)
    professional = make_stage(camp, "professional", position=2)
    course = make_course(foundation, number=1, name="Rust")
    make_requirement(professional, course=course)
    make_meeting(camp, title="Opening", starts_at=timezone.now() + timedelta(hours=1))
    FaqEntry.objects.create(camp=camp, question="Which language?", answer="**Either** <script>x</script>")
    CampLink.objects.create(camp=camp, title="Discussion", url="https://example.org/d")
    Announcement.objects.create(camp=camp, title="Welcome", body="Hello")
    SupportProject.objects.create(organization=camp.organization, name="Engine", url="https://example.org/e")
    return camp


def test_home_sorts_camps_by_season(client):
    now = timezone.now()
    running = make_running_camp(name="Running camp")
    coming = make_running_camp("next", name="Coming camp", starts_at=now + timedelta(days=5))
    past = make_camp("past", name="Past camp")
    make_running_camp("hidden", name="Hidden camp", is_published=False)

    response = client.get("/")

    assert [list(response.context[key]) for key in ("running", "coming", "past")] == [[running], [coming], [past]]
    assert "Hidden camp" not in response.text


def test_home_without_camps_says_what_will_appear(client):
    assert client.get("/").status_code == 200


def test_home_costs_the_same_for_one_camp_and_for_three(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    make_running_camp()
    with django_assert_max_num_queries(20) as one:
        client.get("/")
    make_running_camp("b")
    make_running_camp("c")

    with django_assert_num_queries(len(one)):
        client.get("/")


def test_organization_page_answers_in_any_case(client):
    make_running_camp(organization=make_organization("InfiniTensor"), name="Its camp")

    responses = [client.get(f"/{slug}/") for slug in ("InfiniTensor", "infinitensor", "INFINITENSOR")]

    assert [response.status_code for response in responses] == [200, 200, 200]
    assert "Its camp" in responses[1].text
    assert client.get("/nobody/").status_code == 404


def test_camp_home_shows_everything_to_a_stranger(client, camp):
    text = client.get(camp.get_absolute_url()).text

    for part in (
        "Summer camp",
        "Opening",
        "Which language?",
        "<strong>Either</strong>",
        "Discussion",
        "Welcome",
        "Engine",
        "Rust",
    ):
        assert part in text
    assert "<script>x" not in text


def test_camp_home_shows_a_student_what_is_missing(client, camp):
    enrollment = make_enrollment(camp, at=timezone.now())
    make_standing(camp.courses.get(), enrollment, points=27)
    client.force_login(enrollment.student)

    response = client.get(camp.get_absolute_url())

    assert response.context["next_step"].stage.key == "professional"
    assert [step.is_admitted for step in response.context["steps"]] == [True, False]


def test_camp_home_says_that_a_stage_stays_when_points_are_taken_away(client, camp):
    enrollment = make_enrollment(camp, student=make_student(language="en"), at=timezone.now())
    stages.record_points(enrollment, camp.courses.get(), 94)
    stages.record_points(enrollment, camp.courses.get(), 20)
    client.force_login(enrollment.student)

    assert "and stay in it though you do not now" in client.get(camp.get_absolute_url()).text


def test_camp_home_costs_the_same_for_one_stage_and_for_many(
    client, camp, django_assert_num_queries, django_assert_max_num_queries
):
    enrollment = make_enrollment(camp, at=timezone.now())
    client.force_login(enrollment.student)
    client.get("/healthz")
    with django_assert_max_num_queries(60) as few:
        client.get(camp.get_absolute_url())
    for number in (2, 3):
        make_requirement(make_stage(camp, position=10 + number), course=make_course(make_stage(camp), number=number))
        Announcement.objects.create(camp=camp, title="More", stage=camp.stages.first())
        make_meeting(camp, starts_at=timezone.now(), course=camp.courses.get(number=number))

    with django_assert_num_queries(len(few)):
        client.get(camp.get_absolute_url())


@pytest.mark.parametrize(
    "address",
    [
        "/nobody/camp/summer/",
        "/{org}/camp/autumn/",
        "/{org}/camp/",
        "/{org}/camp/summer/stages/",
        "/{org}/camp/summer/stage/x/",
    ],
)
def test_address_of_nothing_is_a_404(client, camp, address):
    client.force_login(make_student())

    assert client.get(address.format(org=camp.organization.slug)).status_code == 404


def test_my_page_needs_a_login(client):
    assert client.get("/my/").headers["Location"] == "/accounts/login/?next=/my/"


def test_my_page_without_a_camp_leads_to_the_camps(client):
    client.force_login(make_student())

    response = client.get("/my/")

    assert (response.status_code, response.context["places"]) == (200, [])


def test_my_page_shows_scores_steps_and_refusals(client, camp):
    enrollment = make_enrollment(camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")
    make_standing(camp.courses.get(), enrollment, points=27)
    make_attempt(
        None, login="octo", points=None, outcome="refused", reason="malformed", detail="no JSON", at=timezone.now()
    )
    client.force_login(enrollment.student)

    response = client.get("/my/")

    place = response.context["places"][0]
    assert [(standing.rank, standing.points) for standing in place["standings"]] == [(1, 27)]
    assert place["next_step"].stage.key == "professional"
    assert "no JSON" in response.text


def test_my_page_costs_the_same_for_one_meeting_and_for_many(
    client, camp, django_assert_num_queries, django_assert_max_num_queries
):
    enrollment = make_enrollment(camp, at=timezone.now())
    make_identity(enrollment.student, login="octo")
    make_attempt(
        camp.courses.get(), login="octo", points=31, outcome="refused", reason="above_maximum", at=timezone.now()
    )
    client.force_login(enrollment.student)
    client.get("/healthz")
    with django_assert_max_num_queries(60) as few:
        client.get("/my/")
    for _more in range(2):
        make_meeting(camp, starts_at=timezone.now())
        make_attempt(
            camp.courses.get(), login="octo", points=31, outcome="refused", reason="above_maximum", at=timezone.now()
        )

    with django_assert_num_queries(len(few)):
        client.get("/my/")


def test_health_tells_whether_the_database_answers(client, monkeypatch):
    def fail():
        raise OperationalError("gone")

    well = client.get("/healthz")
    monkeypatch.setattr(connection, "cursor", fail)
    ill = client.get("/healthz")

    assert (well.status_code, well.text, ill.status_code) == (200, "ok\n", 503)


def test_language_is_remembered_for_the_browser_and_the_mails(client):
    student = make_student(language="en")
    client.force_login(student)

    client.post("/language/", {"language": "zh-hans", "next": "/"})

    student.refresh_from_db()
    assert student.language == "zh-hans"
    assert 'lang="zh-hans"' in client.get("/").text.lower()


def test_language_switch_never_leads_elsewhere(client):
    response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert response.headers["Location"] == "/"
