"""Reasons as sentences for a team."""

from itertools import product

import pytest

from camp.projects.allocation import explaining
from camp.projects.allocation.appraisal import Basis, Why
from camp.projects.allocation.explaining import nth, sentence

REASONS = [*Why, explaining.RESERVED, explaining.SIZE, explaining.TAKEN, explaining.SHARED]


@pytest.mark.parametrize(
    ("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_ordinals_are_english(number, word):
    assert nth(number) == word


@pytest.mark.parametrize(("reason", "basis"), list(product(REASONS, [None, *Basis])))
def test_every_reason_has_a_sentence_about_the_choice(reason, basis):
    said = sentence({"reason": str(reason), "basis": basis and str(basis), "rank": 2})

    assert "2nd choice" in said


def test_the_sentence_of_the_mentors_order():
    said = sentence({"reason": "project_full", "basis": "mentor", "rank": 1})

    assert said == "Your 1st choice was filled by teams its mentor ranked before yours."


def test_an_unknown_reason_of_another_version_is_still_a_sentence():
    assert sentence({"reason": "new", "rank": 1}) == "The organizers decided about your 1st choice by hand."
