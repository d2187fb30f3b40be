"""“Check my set-up” in the browser: every check in words, the answer of the API, and nothing stored."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.rankings import services
from camp.rankings.uploads.payload import Upload
from tests.admin_world import in_english
from tests.factories import (
    make_course,
    make_enrollment,
    make_grader,
    make_identity,
    make_requirement,
    make_running_camp,
    make_stage,
    make_student,
    make_token,
)
from tests.rankings.stored import stored

pytestmark = pytest.mark.django_db
URL = "/my/uploads/check/"


@pytest.fixture
def course():
    """A course whose full marks promote."""
    camp = make_running_camp()
    course = make_course(make_stage(camp), max_points=30, upload_id=1699, name="Harbour C++")
    make_requirement(make_stage(camp, name="Advanced"), course=course)
    return course


@pytest.fixture
def student(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="lin")
    return enrollment.student


@pytest.fixture
def reader(client, student):
    in_english(client).force_login(student)
    return client


def check(reader, course, **changes):
    """Post the form, by default one in which everything is right."""
    pk = getattr(course, "pk", course)
    form = {"course": pk, "channel": "github", "login": "lin", "points": "30", "token": ""} | changes
    return reader.post(URL, form)


def done(reader, course, **changes):
    return check(reader, course, **changes).context["done"]


def kept():
    rows = stored()
    rows.pop("sessions.Session", None)
    rows.pop("usersessions.UserSession", None)
    return rows


def test_everything_right_is_said_step_by_step_with_what_would_follow(reader, course):
    result = done(reader, course, token=make_token(course, at=timezone.now()))

    assert [(step.is_met, step.text) for step in result.steps] == [
        (True, "The login lin on GitHub is well formed."),
        (True, "The login is linked to your account."),
        (True, "The token is one of this course and valid now."),
        (True, "The course takes scores now."),
        (True, "30 points are within the full marks, 30."),
    ]
    assert (result.status, result.answer) == (200, '{"result":1,"msg":""}')
    assert result.follows == ["Your standing in Harbour C++ would be 30 of 30.", "You would be promoted to Advanced."]


def test_nothing_is_stored(reader, course):
    token = make_token(course, at=timezone.now())
    before = kept()

    check(reader, course, token=token)
    check(reader, course)
    check(reader, course, points="31", token="wrong")

    assert kept() == before


def test_the_token_is_never_shown_again(reader, course):
    token = make_token(course, at=timezone.now())

    page = check(reader, course, token=token)

    assert token not in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_without_a_token_all_else_is_checked(reader, course):
    response = check(reader, course)

    result = response.context["done"]
    assert (result.steps[2].is_open, result.status) == (True, 200)
    assert "With a token that fits, it would be accepted" in response.text


def test_with_a_token_that_fits_nothing_is_left_open(reader, course):
    text = check(reader, course, token=make_token(course, at=timezone.now())).text

    assert ("It would be accepted" in text, "With a token that fits" in text) == (True, False)


@pytest.mark.parametrize(
    ("changes", "place", "status"),
    [
        ({"login": "https://github.com/lin"}, 0, 400),
        ({"login": "@lin"}, 0, 400),
        ({"login": "unlinked"}, 1, 200),
        ({"token": "wrong"}, 2, 401),
        ({"points": "31"}, 4, 400),
    ],
    ids=["address", "at sign", "not linked", "wrong token", "too many points"],
)
def test_each_mistake_is_named_at_its_step_with_what_to_do(reader, course, changes, place, status):
    result = done(reader, course, **changes)

    assert [bool(step.is_met) or step.is_open for step in result.steps].index(False) == place
    assert (len(result.steps[place].advice) > 20, result.status) == (True, status)


def test_all_mistakes_are_told_at_once(reader, course):
    result = done(reader, course, login="@nobody", token="wrong", points="31")

    assert [step.is_met for step in result.steps] == [False, False, False, True, False]


def test_a_course_that_takes_no_scores_now_is_named(reader, course):
    course.upload_closes_at = timezone.now() - timedelta(days=1)
    course.save()

    result = done(reader, course)

    assert (result.steps[3].is_met, result.status, result.is_accepted) == (False, 403, False)


def test_a_token_of_another_course_is_named(reader, course):
    result = done(reader, course, token=make_token(make_course(course.stage), at=timezone.now()))

    assert (result.steps[2].is_met, result.status) == (False, 403)
    assert "another course" in result.steps[2].advice


def test_somebody_elses_login_is_named_without_saying_whose(reader, course):
    make_identity(make_student("rowan"), login="theirs")

    response = check(reader, course, login="theirs")

    assert response.context["done"].steps[1].text == "The login is not yours here."
    assert "owan" not in response.content.decode().replace("such as rowan", "")


@pytest.mark.parametrize("has_score", [False, True])
def test_an_unlinked_login_changes_nothing_whatever_the_student_has(reader, course, has_score):
    if has_score:
        upload = Upload("github", 1699, "lin", 20, "30", "")
        services.receive(upload, token=make_token(course, at=timezone.now()))

    follows = done(reader, course, login="unlinked").follows

    assert follows == ["Nothing would change for you: the login is not linked to your account."]


def test_a_score_that_is_not_better_leaves_the_standing(reader, course):
    upload = Upload("github", 1699, "lin", 20, "30", "")
    services.receive(upload, token=make_token(course, at=timezone.now()))

    follows = done(reader, course, points="5").follows

    assert follows == ["Your standing in Harbour C++ would stay at 20 of 30: it counts the best upload."]


def test_where_proof_is_asked_a_claimed_score_does_not_promote(reader, course):
    course.counts = "proven"
    course.save()

    assert done(reader, course).follows == [
        "Your standing in Harbour C++ would be 30 of 30.",
        "It would be claimed, not proven; for promotion this course asks for a proven score.",
    ]


@pytest.mark.parametrize(("uid", "is_met"), [("", False), ("5001", True)], ids=["typed", "proven"])
def test_where_runs_are_trusted_it_says_whether_the_account_is_proven(reader, student, course, uid, is_met):
    make_grader(course)
    student.identities.update(uid=uid)

    assert done(reader, course).steps[-1].is_met is is_met


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"points": "NaN"}, "points"),
        ({"points": "-1"}, "points"),
        ({"points": "1e999"}, "points"),
        ({"points": ""}, "points"),
        ({"login": "no login"}, "login"),
        ({"channel": "x"}, "channel"),
        ({"token": "x" * 201}, "token"),
    ],
)
def test_what_cannot_be_checked_gets_a_sentence_and_stays_in_the_form(reader, course, changes, wrong):
    response = check(reader, course, **changes)

    assert (response.status_code, response.context["done"]) == (200, None)
    assert list(response.context["form"].errors) == [wrong]


@pytest.mark.parametrize("course_id", ["x", "", "9" * 40])
def test_a_course_that_is_none_gets_a_sentence(reader, course_id):
    assert list(check(reader, course_id).context["form"].errors) == ["course"]


def test_a_course_of_another_camp_is_no_choice(reader, course):
    stranger = make_course(make_stage(make_running_camp("winter")), upload_id=7)

    assert list(check(reader, stranger).context["form"].errors) == ["course"]


def test_a_course_without_homework_is_no_choice(reader, course):
    lectures = make_course(course.stage, max_points=0, upload_id=None)

    assert list(check(reader, lectures).context["form"].errors) == ["course"]


def test_somebody_in_no_camp_reads_what_will_be_here(client):
    in_english(client).force_login(make_student())

    assert "No course to check" in client.get(URL).content.decode()


def test_the_form_knows_the_course_that_the_link_came_from_and_the_own_login(reader, course):
    page = reader.get(URL, {"course": course.pk}).content.decode()

    assert f'<option value="{course.pk}" selected>' in page
    assert 'value="lin"' in page
    assert "/api/v1/uploads/check" in page


def test_checking_very_often_is_429_with_a_sentence(reader, course, monkeypatch):
    monkeypatch.setattr("camp.rankings.uploads.limits.LOOKS_A_MINUTE", 1)

    statuses = [check(reader, course).status_code for _time in range(2)]

    assert statuses == [200, 429]


def test_the_set_up_section_leads_here(reader, course):
    page = reader.get(course.get_absolute_url(), {"tab": "exercises"}).content.decode()

    assert f'href="{URL}?course={course.pk}"' in page
