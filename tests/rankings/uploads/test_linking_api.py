"""POST /api/v1/identities over HTTP, with tokens of an issuer of our own: who may link, and what is refused."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from camp.accounts import link_codes
from camp.accounts import services as accounts
from camp.accounts.models import Identity, LinkCode
from camp.rankings.models import Attempt, ReviewedCommit, TrustedGrader
from camp.rankings.uploads.linking_api import audience_for
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_running_camp,
    make_stage,
    make_student,
)
from tests.rankings import keys
from tests.rankings.reports import error_of
from tests.rankings.reports import post as post_scores

pytestmark = pytest.mark.django_db
URL = "/api/v1/identities"
ACTOR = "1001"


@pytest.fixture(autouse=True)
def issuer_up(issuer):
    return issuer


@pytest.fixture(autouse=True)
def grader():
    course = make_course(make_stage(make_running_camp()), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    return make_grader(course, workflow=keys.WORKFLOW)


@pytest.fixture
def code():
    """As the page shows it to its student."""
    return str(link_codes.issue(make_student("ash")))


def token(code, **changes):
    """Of a run that actor 1001 started by hand in a repository of their own, made out for the code."""
    made = {"aud": audience_for(code), "event_name": "workflow_dispatch", **changes}
    return keys.token(timezone.now(), **made)


def post(code=None, *, bearer=None, content=None, **headers):
    content = json.dumps({"code": code}) if content is None else content
    headers = {"Authorization": f"Bearer {bearer or token(code)}"} | headers
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, content, content_type="application/json", headers=headers)


def linked():
    return list(Identity.objects.linked().values_list("user__handle", "login", "uid", "proof"))


def test_a_run_links_its_actor_to_the_codes_student(code):
    response = post(code)

    assert response.status_code == 200
    assert response.json() == {"linked": True, "channel": "github", "login": "lin"}
    assert "no-store" in response["Cache-Control"]
    assert linked() == [("ash", "lin", ACTOR, "ci")]
    assert LinkCode.objects.get().used_at is not None


def test_a_code_may_be_typed_in_small_letters(code):
    assert post(code.lower().replace("-", "")).status_code == 200


def test_the_tokens_audience_is_this_address_with_the_code(settings):
    assert audience_for("ABCDE-FGHJK") == f"{settings.SITE_URL}/api/v1/identities/ABCDE-FGHJK"


def test_scores_of_the_login_count_from_then_on(code, grader):
    make_enrollment(grader.course.camp, student=LinkCode.objects.get().user, at=timezone.now())
    assert error_of(post_scores()) == (403, "actor_unlinked")

    post(code)

    assert post_scores().status_code == 200


def test_a_renamed_login_is_followed(code):
    post(code)
    second = str(link_codes.issue(LinkCode.objects.get().user))

    response = post(second, bearer=token(second, actor="lin-ash"))

    assert response.json()["login"] == "lin-ash"
    assert linked() == [("ash", "lin-ash", ACTOR, "ci")]


def test_any_course_that_trusts_the_workflow_will_do(code, grader):
    TrustedGrader.objects.update(ref="refs/heads/other")
    make_grader(make_course(grader.course.stage), workflow=keys.WORKFLOW)

    assert post(code).status_code == 200


# Codes.


def test_a_code_that_never_was_is_refused(code):
    assert error_of(post("ZZZZZ-ZZZZZ")) == (403, "code_unknown")
    assert linked() == []


def test_an_expired_code_is_refused(code):
    LinkCode.objects.update(issued_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now())

    assert error_of(post(code)) == (403, "code_expired")


def test_a_used_code_links_nobody_else(code):
    post(code)

    response = post(code, bearer=token(code, actor="eve", actor_id="6666", repository_owner_id="6666", jti="other"))

    assert error_of(response) == (403, "code_used")
    assert linked() == [("ash", "lin", ACTOR, "ci")]


def test_the_same_request_again_gets_the_same_answer_and_links_once(code):
    bearer = token(code)

    first, again = post(code, bearer=bearer), post(code, bearer=bearer)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Identity.history.count() == 1


def test_the_same_request_after_unlinking_links_nothing(code):
    bearer = token(code)
    post(code, bearer=bearer)
    accounts.unlink_login(Identity.objects.get())

    assert error_of(post(code, bearer=bearer)) == (403, "code_used")
    assert linked() == []


def test_an_id_that_another_account_proved_is_refused_in_english(code):
    accounts.link_proven_login(make_student("owner"), channel="github", login="lin", uid=ACTOR)

    response = post(code)

    assert error_of(response) == (403, "login_refused")
    assert response.json()["error"]["message"] == "That account over there already belongs to another account here."
    assert linked() == [("owner", "lin", ACTOR, "oauth")]


def test_too_many_wrong_codes_of_one_account_are_refused(code, monkeypatch):
    monkeypatch.setattr(link_codes, "MOST_WRONG", 2)

    codes = [error_of(post(text))[1] for text in ("ZZZZZ-ZZZZZ", "YYYYY-YYYYY", code)]

    assert codes == ["code_unknown", "code_unknown", "too_many_codes"]
    assert linked() == []


# Tokens.


def test_a_token_made_for_scores_links_nothing(code, settings):
    assert error_of(post(code, bearer=token(code, aud=settings.CI_AUDIENCE))) == (401, "token_audience")


def test_a_token_made_for_a_code_brings_no_score(code):
    bearer = token(code)
    post(code, bearer=bearer)

    assert error_of(post_scores(bearer=bearer)) == (401, "token_audience")
    assert Attempt.objects.accepted().count() == 0


def test_a_token_made_for_one_code_serves_no_other(code):
    """Who gets hold of somebody's token cannot take their login with a code of one's own."""
    thief = str(link_codes.issue(make_student("thief")))

    assert error_of(post(thief, bearer=token(code))) == (401, "token_audience")
    assert linked() == []


@pytest.mark.parametrize("value", ["", "Bearer ", "Basic abc"])
def test_without_a_bearer_token_it_is_401_and_says_how(code, value):
    response = post(code, Authorization=value)

    assert error_of(response) == (401, "token_missing")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"iss": "https://example.org"}, "token_issuer"),
        ({"aud": "https://elsewhere.example.org"}, "token_audience"),
        ({"exp": 1}, "token_expired"),
        ({"event_name": "pull_request"}, "token_event"),
        ({"runner_environment": "self-hosted"}, "token_runner"),
        ({"actor_id": True}, "token_claims"),
        ({"key": keys.private_key("somebody else's")}, "token_signature"),
    ],
)
def test_a_token_that_is_not_believed_is_401(code, changes, expected):
    assert error_of(post(code, bearer=token(code, **changes))) == (401, expected)
    assert linked() == []


def test_without_any_keys_it_is_503_and_the_code_stays(code, issuer):
    issuer.is_down = True

    assert error_of(post(code)) == (503, "keys_unavailable")
    assert LinkCode.objects.open().count() == 1


# Runs.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"event_name": "push"}, "event_wrong"),
        ({"run_attempt": "2"}, "run_repeated"),
        ({"repository_owner_id": "1002"}, "repository_foreign"),
        ({"actor_id": "1002"}, "repository_foreign"),
        ({"job_workflow_ref": "lin/learning-cxx/.github/workflows/ci.yml@refs/heads/main"}, "grader_unknown"),
        ({"job_workflow_sha": "b" * 40}, "commit_unreviewed"),
        ({"ref": "refs/heads/other"}, "branch_wrong"),
        ({"ref": "refs/pull/1/merge"}, "branch_wrong"),
    ],
)
def test_a_run_that_its_owner_did_not_start_so_is_403_and_the_code_stays(code, changes, expected):
    assert error_of(post(code, bearer=token(code, **changes))) == (403, expected)
    assert linked() == []
    assert LinkCode.objects.open().count() == 1


def test_a_workflow_that_is_trusted_no_longer_links_nothing(code, grader):
    ReviewedCommit.objects.update(valid_until=timezone.now())
    assert error_of(post(code)) == (403, "commit_unreviewed")

    TrustedGrader.objects.update(is_active=False)
    assert error_of(post(code)) == (403, "grader_unknown")


# HTTP.


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "null", "{", "{}", '{"code": null}', '{"code": 12345678}', '{"code": ["ABCDE-FGHJK"]}',
        '{"code": ""}', '{"code": "ABCDE FGHJK"}', '{"code": "ABCDE-FGHJK\\n"}', '{"code": "\\u0000\\ud800AAAAAAAA"}',
        '{"code": "ABCDE-FGHJK", "code": "ABCDE-FGHJK"}', b"\xff\xfe", "[" * 60_000,
        json.dumps({"code": "A" * 21}), json.dumps({"code": "../../scores"}),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400(code, content):
    assert error_of(post(bearer=token(code), content=content or b"")) == (400, "malformed")


def test_a_body_longer_than_64_kib_is_413(code):
    text = json.dumps({"code": code})
    fits = text + " " * (64 * 1024 - len(text))

    assert error_of(post(bearer=token(code), content=fits + " ")) == (413, "too_large")
    assert post(bearer=token(code), content=fits).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options"])
def test_another_method_is_405(client, method):
    response = getattr(client, method)(URL)

    assert error_of(response) == (405, "malformed")
    assert response["Allow"] == "POST"


def test_an_address_that_is_refused_too_often_is_429(settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = 2

    assert [post(bearer="x", content="{}").status_code for _each in range(3)] == [400, 400, 429]


def test_too_many_requests_of_one_account_are_429(settings, code):
    settings.UPLOADS_PER_LOGIN_A_MINUTE = 1
    post(code)

    assert error_of(post(code)) == (429, "too_many")


def test_the_code_and_the_token_are_in_no_log(code, caplog):
    caplog.set_level("DEBUG")
    bearer = token(code)

    post(code, bearer=bearer)

    assert "linked lin (GitHub)" in caplog.text
    assert not any(part in caplog.text for part in (code, *bearer.split(".")))
