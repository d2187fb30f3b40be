"""Tokens issued and revoked; the outbox of refused uploads; commands."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from camp.rankings import services
from camp.rankings.models import UploadToken
from camp.rankings.services import RankingError
from camp.rankings.uploads import tokens
from tests.factories import NOW, make_camp, make_course, make_running_camp, make_stage, make_superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


def test_issue_token_stores_only_a_hash_and_expires_with_the_camp(course):
    row, text = services.issue_token(course, by=None, at=NOW)

    public_id, secret = tokens.parse(text)
    assert (row.public_id, row.expires_at, row.course) == (public_id, course.camp.ends_at, course)
    assert secret not in str(vars(row))


def test_issue_token_allows_two_at_a_time(course):
    first, _text = services.issue_token(course, by=None, at=NOW)
    services.issue_token(course, by=None, at=NOW)

    with pytest.raises(RankingError):
        services.issue_token(course, by=None, at=NOW)
    services.revoke_token(first, by=make_superuser(), at=NOW)
    services.issue_token(course, by=None, at=NOW)

    assert UploadToken.objects.usable_at(NOW).count() == 2


@pytest.mark.parametrize("fields", [{"max_points": 0}, {"upload_id": None}])
def test_issue_token_refuses_a_course_without_uploads(fields):
    course = make_course(make_stage(make_camp()), **fields)

    with pytest.raises(RankingError):
        services.issue_token(course, by=None, at=NOW)


def test_issue_token_refuses_a_camp_that_has_ended(course):
    with pytest.raises(RankingError):
        services.issue_token(course, by=None, at=course.camp.ends_at)


def test_revoke_token_refuses_a_stale_second_time(course):
    row, _text = services.issue_token(course, by=None, at=NOW)
    stale = UploadToken.objects.get(pk=row.pk)
    superuser = make_superuser()
    services.revoke_token(row, by=superuser, at=NOW)

    with pytest.raises(RankingError):
        services.revoke_token(stale, by=superuser, at=NOW + timedelta(days=1))

    assert UploadToken.objects.get().revoked_at == NOW


def test_issue_token_command_prints_the_token_alone():
    camp = make_running_camp()
    course = make_course(make_stage(camp), number=1)
    out, err = StringIO(), StringIO()

    call_command("issue_token", f"{camp.organization.slug.upper()}/SUMMER", "1", stdout=out, stderr=err)

    row = services.usable_token(out.getvalue().strip(), at=timezone.now())
    assert row.course == course
    assert "not shown again" in err.getvalue()


@pytest.mark.parametrize("words", [("nowhere/summer", "1"), ("{org}/summer", "9"), ("{org}", "1")])
def test_issue_token_command_refuses_what_does_not_exist(words):
    camp = make_running_camp()
    make_course(make_stage(camp), number=1)

    with pytest.raises(CommandError):
        call_command("issue_token", *[word.format(org=camp.organization.slug) for word in words])
