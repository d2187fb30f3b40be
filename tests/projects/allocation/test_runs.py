"""Running, publishing and locking the allocation of a round."""

from datetime import timedelta

import pytest

from camp.notices.models import Notice
from camp.projects.allocation import runs
from camp.projects.errors import ProjectError
from camp.projects.models import AllocationRun, Placement, Preference, Project, SelectionRound, Team
from tests.concurrency import at_once, row_held, waits
from tests.factories import NOW, make_student, make_user
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
LATER = NOW + timedelta(days=3)  # The moment from which the mentors' orders are complete.


@pytest.fixture
def organizer():
    return make_user()


@pytest.fixture
def round():
    return make_round()


def make_run(round, by, *, closed=(), at=LATER):
    return runs.compute(round, by=by, closed=closed, at=at)


def rivals(round, **fields):
    """Two teams that want the same project of one seat; `fields` are the project's."""
    stage = round.project_stage
    project, teams = make_project(stage, **fields), [make_team(stage), make_team(stage)]
    for team in teams:
        make_preferences(round, team, project)
    return project, teams


def notices():
    return Notice.objects.filter(kind__startswith="projects/")


def titles_of(person):
    return list(notices().filter(recipient=person).values_list("title", flat=True))


def english(stage):
    return make_project_student(stage, student=make_student(language="en"))


# Run.


def test_a_run_is_kept_with_all_that_it_comes_from(round, organizer):
    project, team = make_project(round.project_stage, least_teams=1), make_team(round.project_stage)
    silent = make_team(round.project_stage)
    make_preferences(round, team, project)

    run = make_run(round, organizer)

    run = AllocationRun.objects.get(pk=run.pk)
    assert (run.number, run.seed, run.started_by, run.started_at) == (1, "a seed", organizer, LATER)
    assert run.placements == {str(team.pk): project.pk, str(silent.pk): None}
    assert run.reasons == {str(team.pk): [], str(silent.pk): []}
    assert run.statistics == {
        "teams": 2, "by_choice": {"1": 1}, "off_list": 0, "gave_no_list": 1, "no_seat": 0, "under_minimum": [],
        "free": {str(project.pk): 0}, "usable": 0,
    }  # fmt: skip
    assert len(run.result_hash) == 64
    assert not run.is_published


def test_the_same_seed_gives_the_same_digest_in_any_order_of_rows(round, organizer):
    rivals(round)
    first = make_run(round, organizer)
    lines = list(Preference.objects.all())
    Preference.objects.all().delete()
    Preference.objects.bulk_create(reversed(lines))

    second = make_run(round, organizer)

    assert (second.number, second.result_hash) == (2, first.result_hash)


def test_another_seed_gives_another_digest(round, organizer):
    rivals(round)
    first = make_run(round, organizer)
    SelectionRound.objects.update(seed="another")

    assert make_run(round, organizer).result_hash != first.result_hash


def test_a_run_without_a_project_passes_over_it(round, organizer):
    stage = round.project_stage
    dear, other, team = make_project(stage), make_project(stage), make_team(stage)
    make_preferences(round, team, dear, other)

    run = make_run(round, organizer, closed=[dear.pk])

    assert run.placements == {str(team.pk): other.pk}
    assert run.closed == [dear.pk]
    assert run.reasons == {str(team.pk): [{"project": dear.pk, "reason": "closed", "basis": None}]}


def test_a_withdrawn_project_is_passed_over(round, organizer):
    project, team = make_project(round.project_stage), make_team(round.project_stage)
    make_preferences(round, team, project)
    Project.objects.update(status=Project.Status.WITHDRAWN)

    assert make_run(round, organizer).placements == {str(team.pk): None}


def test_a_run_before_the_mentors_close_is_refused(round, organizer):
    with pytest.raises(ProjectError, match="not complete before"):
        make_run(round, organizer, at=LATER - timedelta(seconds=1))


def test_a_run_of_a_second_round_waits_for_the_teams_only(round, organizer):
    runs.publish(make_run(round, organizer), by=organizer, at=LATER)
    second = make_round(round.project_stage, number=2, method=SelectionRound.Method.ASSIGNMENT)

    assert make_run(second, organizer, at=second.closes_at).number == 1


def test_a_run_of_a_second_round_before_the_first_is_published_is_refused(round, organizer):
    second = make_round(round.project_stage, number=2, method=SelectionRound.Method.ASSIGNMENT)

    with pytest.raises(ProjectError, match="Publish the earlier round first"):
        make_run(second, organizer)


def test_a_run_after_publishing_is_refused_for_a_stale_round_too(round, organizer):
    stale = SelectionRound.objects.get(pk=round.pk)
    runs.publish(make_run(round, organizer), by=organizer, at=LATER)

    with pytest.raises(ProjectError, match="is published"):
        make_run(stale, organizer)


def test_a_run_closes_only_projects_of_its_stage(round, organizer):
    with pytest.raises(ProjectError, match="of this project stage"):
        make_run(round, organizer, closed=[make_project(make_project_stage(at=NOW)).pk])


# Bad input.


def test_a_round_without_anything_gives_an_empty_run(round, organizer):
    run = make_run(round, organizer)

    assert run.placements == {}
    assert run.statistics["teams"] == 0


def test_teams_without_lists_are_counted_so(round, organizer):
    make_project(round.project_stage)
    make_team(round.project_stage)

    run = make_run(round, organizer)

    assert (run.statistics["gave_no_list"], run.statistics["no_seat"], run.statistics["usable"]) == (1, 0, 1)


def test_a_mentor_without_room_and_a_project_without_seats_get_no_team(round, organizer):
    mentor = make_mentor(round.project_stage, capacity=0)
    rivals(round, mentor=mentor)
    rivals(round, seats=0)

    run = make_run(round, organizer)

    assert set(run.placements.values()) == {None}
    assert (run.statistics["no_seat"], run.statistics["usable"]) == (4, 0)


def test_teams_with_one_list_fill_it_from_the_top(round, organizer):
    stage = round.project_stage
    projects, teams = [make_project(stage), make_project(stage)], [make_team(stage) for _ in range(3)]
    for team in teams:
        make_preferences(round, team, *projects)

    run = make_run(round, organizer)

    assert run.statistics["by_choice"] == {"1": 1, "2": 1}
    assert run.statistics["no_seat"] == 1


# Verify.


def test_a_run_gives_its_digest_again_from_its_snapshot_alone(round, organizer):
    rivals(round)
    run = make_run(round, organizer)
    Preference.objects.all().delete()

    assert runs.verify_run(AllocationRun.objects.get(pk=run.pk))


@pytest.mark.parametrize("field", ["placements", "snapshot", "result_hash"])
def test_a_run_that_was_changed_is_found_out(round, organizer, field):
    project, (winner, _loser) = rivals(round)
    run = make_run(round, organizer)
    wrong = {"placements": {}, "snapshot": run.snapshot | {"seed": "other"}, "result_hash": "0" * 64}
    AllocationRun.objects.filter(pk=run.pk).update(**{field: wrong[field]})

    assert not runs.verify_run(AllocationRun.objects.get(pk=run.pk))


# Publish.


def test_publishing_places_every_team_and_says_why(round, organizer):
    project, teams = rivals(round)
    silent = make_team(round.project_stage)
    run = make_run(round, organizer)

    runs.publish(run, by=organizer, at=LATER)

    round.refresh_from_db()
    assert (round.published_at, round.published_by) == (LATER, organizer)
    assert AllocationRun.objects.get(pk=run.pk).published_at == LATER
    winner = next(team for team in teams if run.placements[str(team.pk)])
    loser = next(team for team in teams if team != winner)
    rows = Placement.objects.in_bulk(field_name="pk").values()
    found = {row.team: (row.project, row.choice, row.is_manual) for row in rows}
    assert found == {winner: (project, 1, False), loser: (None, None, False), silent: (None, None, False)}
    assert Placement.objects.get(team=loser).why == [
        {"project": project.pk, "title": project.title, "rank": 1, "reason": "project_full", "basis": "lottery"}
    ]
    assert Placement.history.count() == 3


def test_publishing_tells_every_member_of_every_team(round, organizer):
    stage = round.project_stage
    project, mate = make_project(stage), english(stage)
    placed, silent = make_team(stage, lead=english(stage), members=[mate]), make_team(stage, lead=english(stage))
    make_preferences(round, placed, project)

    runs.publish(make_run(round, organizer), by=organizer, at=LATER)

    assert titles_of(mate.student) == titles_of(placed.lead.student) == [f"Your project is “{project.title}”"]
    assert titles_of(silent.lead.student) == ["Your team has no project yet"]
    assert notices().exclude(mail=None).count() == 3


def test_the_unplaced_are_told_of_a_second_round(round, organizer):
    silent = make_team(round.project_stage, lead=english(round.project_stage))
    make_round(round.project_stage, at=LATER + timedelta(days=2), number=2, method=SelectionRound.Method.ASSIGNMENT)

    runs.publish(make_run(round, organizer), by=organizer, at=LATER)

    assert "There is a second chance: round 2" in notices().get(recipient=silent.lead.student).body


def test_publishing_closes_what_the_run_did_without_and_says_why(round, organizer):
    small, dear = make_project(round.project_stage, least_teams=1), make_project(round.project_stage)
    make_run(round, organizer)
    make_run(round, organizer, closed=[small.pk])

    runs.publish(make_run(round, organizer, closed=[small.pk, dear.pk]), by=organizer, at=LATER)

    for project in (small, dear):
        project.refresh_from_db()
    assert (small.is_closed, dear.is_closed) == (True, True)
    assert small.status_reason == "Too few teams chose it, so it does not take place."
    assert dear.status_reason == (
        "The organizers closed it before they gave out the projects, so it does not take place."
    )


def test_a_second_run_is_not_published_beside_the_first(round, organizer):
    first, second = make_run(round, organizer), make_run(round, organizer)
    runs.publish(first, by=organizer, at=LATER)

    with pytest.raises(ProjectError, match="published already"):
        runs.publish(second, by=organizer, at=LATER)


def test_publishing_is_refused_when_a_team_is_gone_since(round, organizer):
    _project, (team, _other) = rivals(round)
    run = make_run(round, organizer)
    Team.objects.filter(pk=team.pk).update(disbanded_at=LATER)

    with pytest.raises(ProjectError, match="the teams or their lists. Run it again"):
        runs.publish(run, by=organizer, at=LATER)

    assert Placement.objects.count() == notices().count() == 0


def test_publishing_is_refused_when_a_project_is_withdrawn_since(round, organizer):
    project, _teams = rivals(round)
    run = make_run(round, organizer)
    Project.objects.filter(pk=project.pk).update(status=Project.Status.WITHDRAWN)

    with pytest.raises(ProjectError, match="which projects are open"):
        runs.publish(run, by=organizer, at=LATER)


def test_a_second_round_places_the_unplaced_and_no_one_else(round, organizer):
    stage = round.project_stage
    project, (one, other) = rivals(round)
    free = make_project(stage)
    runs.publish(make_run(round, organizer), by=organizer, at=LATER)
    left = Placement.objects.get(round=round, project=None).team
    second = make_round(stage, number=2, method=SelectionRound.Method.ASSIGNMENT)
    make_preferences(second, left, project, free)

    runs.publish(make_run(second, organizer), by=organizer, at=LATER)

    placement = Placement.objects.get(round=second)
    assert (placement.team, placement.project, placement.choice) == (left, free, 2)
    assert [line["reason"] for line in placement.why] == ["taken"]


# Lock.


def test_locking_needs_a_published_result(round, organizer):
    with pytest.raises(ProjectError, match="Publish a run first"):
        runs.lock(round, by=organizer, at=LATER)


def test_locking_happens_once(round, organizer):
    runs.publish(make_run(round, organizer), by=organizer, at=LATER)

    locked = runs.lock(round, by=organizer, at=LATER)

    assert locked.locked_at == LATER
    with pytest.raises(ProjectError, match="locked already"):
        runs.lock(round, by=organizer, at=LATER)


# At once.


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_twice_at_once_publishes_once(round, organizer):
    rivals(round)
    twice = [make_run(round, organizer), make_run(round, organizer)] * 2

    outcomes = at_once([lambda run=run: runs.publish(run, by=organizer, at=LATER) for run in twice])

    assert sum(isinstance(outcome, ProjectError) for outcome in outcomes) == 3
    assert AllocationRun.objects.exclude(published_at=None).count() == 1
    assert (Placement.objects.count(), notices().count()) == (2, 2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_running_waits_for_whoever_publishes(round, organizer):
    with row_held(round):
        assert waits(lambda: make_run(round, organizer))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_waits_for_whoever_disbands_a_team(round, organizer):
    team = make_team(round.project_stage)
    run = make_run(round, organizer)

    with row_held(team):
        assert waits(lambda: runs.publish(run, by=organizer, at=LATER))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_waits_for_whoever_withdraws_a_project(round, organizer):
    project, _teams = rivals(round)
    run = make_run(round, organizer)

    with row_held(project):
        assert waits(lambda: runs.publish(run, by=organizer, at=LATER))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_locking_waits_for_whoever_moves_a_team(round, organizer):
    runs.publish(make_run(round, organizer), by=organizer, at=LATER)

    with row_held(round):
        assert waits(lambda: runs.lock(round, by=organizer, at=LATER))
