"""Moving and exchanging teams of a run in the admin: choose, see what it does, confirm it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camp.projects.allocation import moves
from camp.projects.models import ManualMove, Project
from tests.factories import make_user
from tests.project_factories import make_placement, make_preferences, make_project, make_round, make_team
from tests.projects.running import NOW, make_run, said, url_of

pytestmark = pytest.mark.django_db


def test_a_move_is_looked_at_before_it_is_done(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.get(url_of(run, "move"), {"team": winners.pk, "project": ""})

    assert response.status_code == 200
    assert "“Losers” would rather have “Dear”, which has a free seat." in response.text
    assert ManualMove.objects.count() == 0


def test_a_move_is_done_with_its_reason_and_listed(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.post(url_of(run, "move"), {"team": winners.pk, "project": "", "reason": "They left.", "seen": 0})

    assert response.url == url_of(run)
    text = staff.get(url_of(run)).text
    assert "Winners → –: They left." in text
    assert "“Losers” would rather have “Dear”, which has a free seat." in text


def test_a_move_without_a_reason_is_refused_and_keeps_what_was_chosen(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)

    response = staff.post(url_of(run, "move"), {"team": winners.pk, "project": "", "reason": "", "seen": 0})

    assert response.status_code == 409
    assert "Give a reason" in response.text
    assert response.context["form"]["team"].value() == str(winners.pk)


def test_a_move_that_was_overtaken_is_shown_again(staff, round, rivals):
    winners, losers = rivals
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="x")

    data = {"team": losers.pk, "project": Project.objects.get().pk, "reason": "y", "seen": 0}
    response = staff.post(url_of(run, "move"), data)

    assert response.status_code == 409
    assert "Look at what your move does now" in response.text
    assert response.context["seen"] == 1


def test_a_move_that_cannot_be_says_so_when_looked_at(staff, round, rivals):
    _winners, losers = rivals
    run = make_run(round)

    response = staff.get(url_of(run, "move"), {"team": losers.pk, "project": Project.objects.get().pk})

    assert response.status_code == 409
    assert "no free seat" in response.text
    assert 'name="reason"' not in response.text


@pytest.mark.parametrize("data", [{}, {"team": "x"}, {"team": "9" * 30}, {"team": "1", "seen": "9" * 40}])
def test_a_move_of_nothing_is_refused_at_its_fields(staff, round, rivals, data):
    run = make_run(round)

    response = staff.post(url_of(run, "move"), data)

    assert response.status_code == 400
    assert ManualMove.objects.count() == 0


def test_the_last_move_is_taken_back(staff, round, rivals):
    winners, _losers = rivals
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="x")
    assert "Take back the last move (“Winners”)" in staff.get(url_of(run)).text

    staff.post(url_of(run, "take_back"))

    assert [move.takes_back is None for move in ManualMove.objects.all()] == [True, False]
    assert "Take the last move back" not in staff.get(url_of(run)).text


# Choose.


def test_a_team_is_chosen_first_then_where_it_goes(staff, round, rivals):
    winners, losers = rivals
    run = make_run(round)
    page = staff.get(url_of(run)).text
    assert f"{url_of(run, 'move')}?team={winners.pk}" in page
    assert f"{url_of(run, 'move')}?team={losers.pk}" in page

    asked, chosen = staff.get(url_of(run, "move")), staff.get(url_of(run, "move"), {"team": losers.pk})

    assert [asked.status_code, chosen.status_code] == [200, 200]
    assert "Choose where to…" in asked.text
    assert "Move “Losers”" in chosen.text
    assert "<li>Dear</li>" in chosen.text
    assert 'name="reason"' not in chosen.text


@pytest.mark.parametrize("team", ["", "x", "9" * 18, "0"])
def test_a_team_that_is_not_in_the_run_is_asked_for_again(staff, round, rivals, team):
    response = staff.get(url_of(make_run(round), "move"), {"team": team})

    assert response.status_code == 400
    assert "Choose where to…" in response.text


def test_the_page_of_a_run_shows_what_the_unplaced_chose_and_their_points(staff, round, rivals):
    make_team(round.project_stage, name="Silent", at=NOW)

    page = staff.get(url_of(make_run(round))).text

    assert '<td>0</td>\n        <td><ol><li>Dear<div class="help">Your 1st choice was filled by teams' in page
    assert "<td>It gave no list.</td>" in page


def options_of(response, form, field):
    """{label: whether it can be chosen} of a select."""
    groups = response.context[form][field].field.widget.optgroups(field, [])
    options = [option for _name, group, _index in groups for option in group]
    return {str(option["label"]): "disabled" not in option["attrs"] for option in options}


def test_places_tell_seats_and_choice_and_offer_no_refused_one(staff, round, rivals):
    winners, losers = rivals
    stage = round.project_stage
    make_project(stage, title="Wide", number=1, seats=3)
    make_project(stage, title="Couples", number=2, team_size_min=2)
    dear = Project.objects.get(title="Dear")
    run = make_run(round)

    of_losers = staff.get(url_of(run, "move"), {"team": losers.pk})
    of_winners = staff.get(url_of(run, "move"), {"team": winners.pk})

    assert options_of(of_losers, "move_form", "project") == {
        f"{dear.number} · Dear: no free seat, its 1st choice": False,
        "1 · Wide: 3 free seats": True,
        "2 · Couples: does not take this team": False,
    }
    assert list(options_of(of_winners, "move_form", "project").items())[:2] == [
        ("no project", True),
        (f"{dear.number} · Dear: the team is there already, its 1st choice", False),
    ]
    assert options_of(of_losers, "exchange_form", "other") == {"---------": True, "Winners: has “Dear”": True}


def test_a_project_whose_mentor_has_no_time_is_not_offered(staff, round, rivals):
    _winners, losers = rivals
    dear = Project.objects.get()
    dear.mentor.capacity = 1
    dear.mentor.save()
    make_project(round.project_stage, title="Other", number=1, mentor=dear.mentor)

    chosen = staff.get(url_of(make_run(round), "move"), {"team": losers.pk})

    assert options_of(chosen, "move_form", "project")["1 · Other: its mentor has no time for another team"] is False


def test_a_team_that_another_round_placed_is_not_offered(staff, round, rivals):
    _winners, losers = rivals
    run = make_run(round)
    second = make_round(round.project_stage, number=2, at=NOW)
    make_placement(second, losers, make_project(round.project_stage, title="Later", number=1))

    page, chosen = staff.get(url_of(run)).text, staff.get(url_of(run, "move"), {"team": losers.pk})

    assert "Another round gave it “Later”." in page
    assert chosen.status_code == 409
    assert "Another round gave “Losers” the project “Later”." in chosen.text
    assert "See what this does" not in chosen.text


def test_choosing_costs_the_same_for_more_teams(staff, round, rivals):
    def queries():
        run = make_run(round)
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(url_of(run, "move"), {"team": rivals[0].pk}).status_code == 200
        return len(captured)

    queries()
    for_two = queries()
    for _ in range(3):
        make_preferences(round, make_team(round.project_stage, at=NOW), make_project(round.project_stage))

    assert queries() == for_two


# Exchange.


def test_an_exchange_is_looked_at_once_for_both_and_then_done(staff, round, rivals):
    winners, losers = rivals
    run, data = make_run(round), {"team": winners.pk, "other": losers.pk}

    seen = staff.get(url_of(run, "exchange"), data)
    done = staff.post(url_of(run, "exchange"), data | {"reason": "Both asked.", "seen": 0}, follow=True)

    assert "“Winners” gets no project." in seen.text
    assert "“Losers” goes into “Dear”." in seen.text
    assert "“Winners” would rather have “Dear”, and comes before a team there in the order of its mentor." in seen.text
    assert said(done) == ["The teams are exchanged."]
    assert "Winners → –, Losers → Dear: Both asked." in " ".join(done.text.split())
    assert "Take back the last exchange (“Winners”, “Losers”)" in done.text


def test_an_exchange_that_cannot_be_says_so(staff, round, rivals):
    winners, losers = rivals
    run = make_run(round)
    moves.move(run, winners, None, by=make_user(), reason="x")

    response = staff.get(url_of(run, "exchange"), {"team": winners.pk, "other": losers.pk})

    assert response.status_code == 409
    assert "nothing to exchange" in response.text


def test_an_exchange_without_a_reason_keeps_what_was_chosen(staff, round, rivals):
    winners, losers = rivals
    data = {"team": winners.pk, "other": losers.pk, "reason": "", "seen": 0}

    response = staff.post(url_of(make_run(round), "exchange"), data)

    assert response.status_code == 409
    assert "Give a reason" in response.text
    assert response.context["form"]["other"].value() == str(losers.pk)


@pytest.mark.parametrize("other", ["", "x", "9" * 18, "0"])
def test_an_exchange_with_nobody_is_refused_at_its_field(staff, round, rivals, other):
    response = staff.get(url_of(make_run(round), "exchange"), {"team": rivals[0].pk, "other": other})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["other"]
