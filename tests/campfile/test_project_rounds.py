"""What a camp file cannot do to a round whose lists are closed: one given later would know the others."""

from datetime import UTC, datetime, timedelta

import pytest

from camp import campfile
from camp.camps.models import Camp
from camp.projects.models import PreferenceList, SelectionRound
from tests.campfile.sample import PROJECTS, SMALL, edited
from tests.project_factories import make_team

FULL = SMALL + PROJECTS
CLOSED = "The lists of this round are closed. Write what it was: %s. Add a round for late teams."
PUBLISHED = "The result of this round is published. Write what it was: %s."
CLOSES, METHOD, OPENS, MENTORS = (
    ("closes_at = 2024-08-20 23:59:59\nm", "closes_at = 2024-08-21 23:59:59\nm"),
    ("number = 1\nopens_at", 'number = 1\nmethod = "assignment"\nopens_at'),
    ("number = 1\nopens_at = 2024-08-17", "number = 1\nopens_at = 2024-08-16"),
    ("mentors_close_at = 2024-08-22", "mentors_close_at = 2024-08-23"),
)


@pytest.fixture
def round(db):
    """The first round of the file, closed long ago, with the list of a team."""
    campfile.load(FULL, source_name="camp.toml")
    stage = Camp.objects.get().project_stage
    round = stage.rounds.get(number=1)
    team = make_team(stage)
    PreferenceList.objects.create(round=round, team=team, submitted_by=team.lead.student)
    return round


def change(*edits):
    text = FULL
    for old, new in edits:
        text = edited(old, new, text=text)
    return text


def publish(round):
    SelectionRound.objects.filter(pk=round.pk).update(published_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("edit", "field", "before"),
    [
        (CLOSES, "closes_at", "2024-08-20 23:59:59"), (OPENS, "opens_at", "2024-08-17 21:00:00"),
        (METHOD, "method", "“matching”"),
    ],
)  # fmt: skip
def test_a_closed_round_is_not_opened_again(round, refusal, edit, field, before):
    assert [found[1:] for found in refusal(change(edit))] == [(f"project_stage.rounds[0].{field}", CLOSED % before)]


def test_a_closed_round_keeps_its_number(round, refusal):
    found = refusal(change(("number = 1\nopens_at", "number = 3\nopens_at")))

    assert [one[1:] for one in found] == [
        ("project_stage.rounds", "Round 1 is no longer in the file, but it has lists of teams. Put it back.")
    ]


def test_mentors_of_a_closed_round_get_more_time_until_it_is_published(round, load, refusal):
    assert load(change(MENTORS))["changed"] != []
    publish(round)

    assert [found[1:] for found in refusal(FULL)] == [
        ("project_stage.rounds[0].mentors_close_at", PUBLISHED % "2024-08-23 23:59:59")
    ]


def test_a_published_round_is_left_as_it_was(round, load, refusal):
    publish(round)

    assert [found[1:] for found in refusal(change(CLOSES, MENTORS))] == [
        ("project_stage.rounds[0].closes_at", PUBLISHED % "2024-08-20 23:59:59"),
        ("project_stage.rounds[0].mentors_close_at", PUBLISHED % "2024-08-22 23:59:59"),
    ]
    assert load(FULL)["changed"] == []


def test_an_open_round_may_be_moved(round, load):
    SelectionRound.objects.filter(pk=round.pk).update(
        closes_at=datetime.now(UTC) + timedelta(days=1), mentors_close_at=datetime.now(UTC) + timedelta(days=1)
    )

    assert load(FULL)["changed"] != []


def test_a_closed_round_in_which_nobody_said_anything_may_be_moved(round, load):
    round.lists.all().delete()

    assert load(change(CLOSES))["changed"] != []
