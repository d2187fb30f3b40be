"""20,000 tokens that are nearly right: all are refused, by TokenError, with 401.

A thousand are signed by the issuer itself, so that the checks behind the signature see them. Of these, one is accepted
only where what it changes is not read at all (`sub`, unknown claims), is only shown (names, the learner's commit), or
says something that holds as well (another time of the same minute, another run, `workflow_dispatch`).
"""

import random

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camp.rankings.models import Attempt, Standing
from camp.rankings.uploads import identity_tokens
from camp.rankings.uploads.identity_tokens import TokenError
from tests.factories import (
    make_course,
    make_enrollment,
    make_exercises,
    make_grader,
    make_identity,
    make_running_camp,
    make_stage,
)
from tests.rankings import keys, mutants
from tests.rankings.keys import AT
from tests.rankings.mutants import MUTATIONS, valid
from tests.rankings.reports import post

MUTANTS, SIGNED, OVER_HTTP = 20_000, 1_000, 200
refused, accepted = set(), set()
quickly = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=3_900, **quickly)
@given(mutate=st.sampled_from(MUTATIONS), seed=st.integers(0, 2**64 - 1))
def refuse_mutants(mutate, seed):
    """Six mutants made from a seed; hypothesis chooses, and names kind and seed when one is let in."""
    chance = random.Random(seed)  # noqa: S311 (to be repeated, not to be secret)
    for mutant in [made(mutate, chance) for _number in range(6)]:
        with pytest.raises(TokenError) as caught:
            identity_tokens.verify(mutant, at=AT)
        assert caught.value.status == 401
        refused.add(mutant)


def made(mutate, chance):
    """A mutant that differs from the valid token."""
    while (mutant := mutate(chance)) == valid():
        continue
    return mutant


@settings(max_examples=SIGNED // 4, **quickly)
@given(seed=st.integers(0, 2**64 - 1))
def judge_signed_mutants(seed):
    chance = random.Random(seed)  # noqa: S311
    for claims, names in [mutants.changed_claims(chance, AT) for _number in range(4)]:
        token = mutants.signed(claims)
        if mutants.is_readable(claims, names, AT):
            identity_tokens.verify(token, at=AT)
            accepted.add(token)
        else:
            status, code = keys.refusal_of(token)
            assert (status, code != "token_signature") == (401, True)
            refused.add(token)


@pytest.mark.usefixtures("issuer")
def test_20_000_mutated_tokens_are_refused():
    refused.clear()
    accepted.clear()
    assert identity_tokens.verify(valid(), at=AT).actor_id == "1001"

    refuse_mutants()
    judge_signed_mutants()

    assert len(refused) >= MUTANTS
    assert len(accepted) < SIGNED // 2


@pytest.fixture
def course(issuer, settings):
    settings.REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE = settings.UPLOADS_PER_LOGIN_A_MINUTE = 10**6
    course = make_course(make_stage(make_running_camp()), max_points=11, upload_id=1699)
    make_exercises(course, 11)
    make_grader(course, workflow=keys.WORKFLOW)
    make_identity(make_enrollment(course.camp, at=timezone.now()).student, login="lin", uid="1001")
    return course


@pytest.mark.django_db
def test_signed_mutants_over_http_are_refused_unless_harmless(course):
    chance, statuses = random.Random(20_000), []  # noqa: S311
    for number in range(OVER_HTTP):
        at = timezone.now()
        claims, names = mutants.changed_claims(chance, at)
        fresh = {"jti": f"mutant {number}", "run_id": str(number)}
        claims |= {name: value for name, value in fresh.items() if name not in names}

        status = post(bearer=mutants.signed(claims)).status_code

        expected = (200, 409) if mutants.is_harmless(claims, names, at) else (401, 403)
        assert status in expected, (names, claims)
        statuses.append(status)
    assert Attempt.objects.accepted().count() == statuses.count(200)
    assert Standing.objects.count() == 1
    assert {200, 401, 403} <= set(statuses)


@pytest.mark.django_db
def test_unsigned_mutants_over_http_are_refused(course):
    chance = random.Random(20_000)  # noqa: S311
    tokens = [made(mutate, chance) for mutate in MUTATIONS * 10]

    assert {post(bearer=token).status_code for token in tokens} == {401}
    assert not Attempt.objects.accepted().exists()
