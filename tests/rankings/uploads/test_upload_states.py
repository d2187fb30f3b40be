"""What a list of uploads says of each: what became of it and, where it was accepted, how it came."""

import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from camp.accounts.models import Identity
from camp.rankings import corrections
from camp.rankings.models import Attempt
from tests.admin_world import in_english
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_running_camp,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db
STATE = re.compile(r'<td data-label="State">(.*?)</td>', re.DOTALL)
PAGES = ["/my/uploads/", "?tab=exercises"]


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1)


@pytest.fixture
def reader(client, course):
    student = make_enrollment(course.camp, at=course.camp.starts_at).student
    make_identity(student, login="lin")
    in_english(client).force_login(student)
    return client


def sent(course, source, *, reason=""):
    outcome = Attempt.Outcome.REFUSED if reason else Attempt.Outcome.ACCEPTED
    identity = Identity.objects.get() if source == Attempt.Source.PROVEN else None
    fields = {"source": source, "outcome": outcome, "reason": reason, "identity": identity}
    return make_attempt(course, login="lin", at=timezone.now(), **fields)


def newest_state(reader, course, where):
    address = f"{course.get_absolute_url()}{where}" if where.startswith("?") else where
    return " ".join(strip_tags(STATE.search(reader.get(address).text)[1]).split())


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("source", Attempt.Source.values)
def test_accepted_upload_says_how_it_came(reader, course, where, source):
    sent(course, source)

    assert newest_state(reader, course, where) == f"accepted {source}"


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("source", Attempt.Source.values)
def test_refused_upload_proved_nothing(reader, course, where, source):
    sent(course, source, reason="unproven")

    assert newest_state(reader, course, where) == "refused"


@pytest.mark.parametrize("where", PAGES)
def test_upload_that_was_disqualified_says_how_it_came(reader, course, where):
    corrections.disqualify(sent(course, "claimed"), by=make_superuser(), reason="Copied.")

    assert newest_state(reader, course, where) == "upload disqualified claimed"
