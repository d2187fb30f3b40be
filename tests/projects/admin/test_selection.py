"""The staff's side of a round: what is fixed when, and that lists are secret until they close."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.notices.models import Mail, Notice
from camp.projects.admin.times import on_camp_clock
from camp.projects.choosing import selection
from camp.projects.models import (
    ConflictOfInterest,
    MentorChoice,
    PreferenceList,
    Project,
    ProjectStage,
    Refusal,
    SelectionRound,
)
from tests.factories import make_running_camp, make_staff_role, make_superuser, make_user
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
HOUR = timedelta(hours=1)


def place(model, view, *args):
    return reverse(f"admin:projects_{model._meta.model_name}_{view}", args=args)


def now():
    return datetime.now(UTC)


@pytest.fixture
def stage():
    return make_project_stage(make_running_camp(), at=now())


@pytest.fixture
def round(stage):
    return make_round(stage, at=now())


@pytest.fixture
def team(stage):
    return make_team(stage, lead=make_project_student(stage, at=now()), name="Secretive", at=now())


@pytest.fixture
def organizer(client, stage):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_staff_role(stage.camp, user=make_user()).user)
    return client


def close(round, *, mentors=HOUR):
    SelectionRound.objects.filter(pk=round.pk).update(closes_at=now() - HOUR, mentors_close_at=now() + mentors)


def submit(round, team, stage):
    return selection.submit_list(round, team, [make_project(stage, title="Kernels")], by=team.lead.student, based_on=0)


@pytest.mark.parametrize("role", [StaffRole.Role.ORGANIZER, None])
def test_lists_are_secret_until_the_close_even_for_superusers(client, stage, round, team, role):
    receipt = submit(round, team, stage)
    client.force_login(make_staff_role(stage.camp, user=make_user(), role=role).user if role else make_superuser())
    pages = place(PreferenceList, "changelist"), place(PreferenceList, "change", receipt.pk)

    assert "Secretive" not in client.get(pages[0]).content.decode()
    assert client.get(pages[1]).status_code == 302

    close(round)
    assert "Secretive" in client.get(pages[0]).content.decode()
    assert "1. Kernels" in client.get(pages[1]).content.decode()


@pytest.mark.parametrize("role", [StaffRole.Role.TEACHER, StaffRole.Role.ASSISTANT, StaffRole.Role.MENTOR])
@pytest.mark.parametrize("model", [PreferenceList, MentorChoice, Refusal, ConflictOfInterest])
def test_lists_and_orders_are_for_organizers_also_afterwards(client, stage, round, role, model):
    close(round)
    client.force_login(make_staff_role(stage.camp, user=make_user(), role=role).user)

    assert client.get(place(model, "changelist")).status_code == 403


@pytest.mark.parametrize("model", [MentorChoice, Refusal])
def test_what_mentors_say_is_secret_until_they_close(organizer, stage, round, team, model):
    mentor = make_mentor(stage)
    project = make_project(stage, mentor=mentor)
    close(round)
    MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=1)
    Refusal.objects.create(round=round, project=project, team=team, reason="x", refused_by=mentor.user)

    assert "Secretive" not in organizer.get(place(model, "changelist")).content.decode()

    close(round, mentors=-HOUR / 2)
    assert "Secretive" in organizer.get(place(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", [Mail, Notice])
def test_the_outbox_hides_what_is_on_a_list(organizer, stage, round, team, model):
    submit(round, team, stage)
    row = model.objects.get(**{Mail: {"is_private": True}, Notice: {"kind": "projects/preferences_received"}}[model])

    page = organizer.get(reverse(f"admin:notices_{model._meta.model_name}_change", args=[row.pk]))

    assert page.status_code == 200
    assert "Kernels" not in page.content.decode()


def form_of(round, **fields):
    zone = round.project_stage.camp.zone
    values = {"project_stage": round.project_stage_id, "number": 1, "method": "matching", "seed": round.seed}
    times = {name: getattr(round, name) for name in ("opens_at", "closes_at", "mentors_close_at")} | fields
    for name, moment in times.items():
        here = moment.astimezone(zone)
        values |= {f"{name}_0": here.strftime("%Y-%m-%d"), f"{name}_1": here.strftime("%H:%M:%S")}
    return values


def test_an_open_round_is_changed(organizer, round):
    later = round.mentors_close_at + HOUR
    sent = form_of(round, mentors_close_at=later) | {"seed": "mine"}

    page = organizer.post(place(SelectionRound, "change", round.pk), sent, follow=True)

    changed = SelectionRound.objects.get()
    assert (changed.seed, changed.mentors_close_at) == (round.seed, later.replace(microsecond=0))
    assert "The times are changed. Nobody gets a mail about it" in page.text


def test_a_refused_close_keeps_the_form_as_it_was_filled(organizer, round):
    past = now() - HOUR
    sent = form_of(round, closes_at=past, mentors_close_at=past - HOUR)

    form = organizer.post(place(SelectionRound, "change", round.pk), sent).context["adminform"]

    assert [name for name, _options in form.fieldsets] == [None, "Times", "Result"]
    assert sorted(set(form.form.fields) - set(form.readonly_fields)) == [
        "closes_at", "mentors_close_at", "method", "number", "opens_at", "project_stage"]  # fmt: skip
    assert form.form["closes_at"].value() == [sent["closes_at_0"], sent["closes_at_1"]]


def test_the_form_names_the_camps_clock_and_why_times_are_fixed(organizer, round):
    open_page = organizer.get(place(SelectionRound, "change", round.pk)).text
    close(round)
    closed_page = organizer.get(place(SelectionRound, "change", round.pk)).text

    assert "Times are on the camp&#x27;s clock (Shanghai)." in open_page.replace("'", "&#x27;")
    assert ("A change sends no mail" in open_page, "The lists are closed, so" in open_page) == (True, False)
    assert "The lists are closed, so" in closed_page
    assert round.seed in closed_page


def test_a_round_leads_to_its_runs_lists_and_allocation(organizer, round):
    page = organizer.get(place(SelectionRound, "change", round.pk)).text

    for model in ("allocationrun", "preferencelist", "mentorchoice", "placement"):
        address = reverse(f"admin:projects_{model}_changelist") + f"?round__id__exact={round.pk}"
        assert f'href="{address}"' in page
        assert organizer.get(address).status_code == 200
    assert f'href="{reverse("admin:projects_allocationrun_allocate")}?round={round.pk}"' in page


def test_a_list_says_how_much_it_hides_and_until_when(organizer, stage, round, team):
    submit(round, team, stage)

    said = [str(message) for message in organizer.get(place(PreferenceList, "changelist")).context["messages"]]

    assert said == [f"{round}: 1 is hidden until {on_camp_clock(round.closes_at, stage.camp)}."]
    close(round)
    assert list(organizer.get(place(PreferenceList, "changelist")).context["messages"]) == []


def test_lists_of_rounds_and_stages_name_the_zone(organizer, stage, round):
    assert on_camp_clock(round.closes_at, stage.camp) in organizer.get(place(SelectionRound, "changelist")).text
    assert on_camp_clock(stage.teams_lock_at, stage.camp) in organizer.get(place(ProjectStage, "changelist")).text
    assert "clock (Shanghai)" in organizer.get(place(ProjectStage, "change", stage.pk)).text


def test_dates_and_seed_are_fixed_when_the_lists_are_closed(organizer, round):
    close(round)
    before = SelectionRound.objects.get()
    sent = form_of(before, closes_at=now() + HOUR, mentors_close_at=before.mentors_close_at + HOUR) | {"seed": "mine"}

    assert organizer.post(place(SelectionRound, "change", round.pk), sent).status_code == 302

    after = SelectionRound.objects.get()
    assert (after.seed, after.closes_at) == (before.seed, before.closes_at)
    assert after.mentors_close_at > before.mentors_close_at


def test_mentors_do_not_close_before_the_lists(organizer, round):
    close(round)
    round = SelectionRound.objects.get()

    page = organizer.post(
        place(SelectionRound, "change", round.pk), form_of(round, mentors_close_at=round.closes_at - HOUR)
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.errors["mentors_close_at"] == ["The lists of the teams close after that."]


def test_the_seed_is_for_organizers(client, stage, round):
    SelectionRound.objects.update(seed="a seed of many letters")
    client.force_login(make_staff_role(stage.camp, user=make_user(), role=StaffRole.Role.TEACHER).user)

    page = client.get(place(SelectionRound, "change", round.pk))

    assert page.status_code == 200
    assert "a seed of many letters" not in page.content.decode()


def test_a_round_that_has_begun_is_not_deleted_and_nothing_counted(organizer, stage, round, team):
    submit(round, team, stage)

    assert organizer.get(place(SelectionRound, "delete", round.pk)).status_code == 403
    page = organizer.post(place(SelectionRound, "changelist"), {
        "action": "delete_selected", "_selected_action": [round.pk], "post": "yes"})  # fmt: skip
    assert "Secretive" not in page.content.decode()
    assert SelectionRound.objects.count() == 1


def test_a_round_to_come_is_deleted(organizer, stage):
    round = make_round(stage, at=now() + 48 * HOUR)

    assert organizer.post(place(SelectionRound, "delete", round.pk), {"post": "yes"}).status_code == 302
    assert SelectionRound.objects.count() == 0


def test_organizers_declare_a_conflict_and_what_was_said_goes(organizer, stage, round, team):
    mentor = make_mentor(stage)
    make_preferences(round, team, make_project(stage, mentor=mentor))
    MentorChoice.objects.create(round=round, mentor=mentor, team=team, rank=1)

    sent = {"mentor": mentor.pk, "enrollment": team.lead.pk, "note": "Same laboratory."}
    assert organizer.post(place(ConflictOfInterest, "add"), sent).status_code == 302

    assert ConflictOfInterest.objects.get().declared_by.display_name != ""
    assert MentorChoice.objects.count() == 0


def test_a_project_on_lists_is_not_deleted_and_the_lists_not_counted(organizer, stage, round, team):
    submit(round, team, stage)

    page = organizer.get(place(Project, "delete", Project.objects.get().pk))

    assert "Kernels: preferences" in page.content.decode()
    assert "Secretive" not in page.content.decode()
