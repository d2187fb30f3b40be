"""What staff do in the admin goes through the services, row by row."""

from copy import deepcopy

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from camp.accounts.models import Identity
from camp.camps.models import Camp, StaffRole
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail
from camp.rankings import rebuild
from camp.rankings.models import Standing, UploadToken
from camp.stages.models import Course, CourseProgress, ItemTick, Participation, Requirement, Stage
from tests.admin_world import World, address, in_english
from tests.factories import (
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture(scope="module")
def made(lasting):
    return lasting(lambda: World("Otter"))


@pytest.fixture
def world(made):
    return deepcopy(made)


@pytest.fixture
def staff(client, world):
    client.force_login(world.organizer)
    return client


def act(client, model, action, rows, **data):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
    return client.post(reverse(address(model, "changelist")), data, follow=True)


def done(client, model, action, rows, **data):
    """The messages after a confirmed action."""
    return told(act(client, model, action, rows, confirmed="yes", **data))


def told(response):
    return [str(message) for message in response.context["messages"]]


def state(row):
    return type(row).objects.get(pk=row.pk).status


def test_an_action_asks_first_and_keeps_the_selection(staff, world):
    rows = [make_enrollment(world.camp, status="applied") for _each in range(2)]

    page = act(staff, Enrollment, "admit", rows)

    assert page.templates[0].name == "admin/decide.html"
    assert page.context["count"] == 2
    assert all(f'name="_selected_action" value="{row.pk}"' in page.content.decode() for row in rows)
    assert {state(row) for row in rows} == {"applied"}


def test_admit_gives_seats_and_names_who_was_refused(staff, world):
    Camp.objects.filter(pk=world.camp.pk).update(capacity=F("seats_taken") + 1)
    rows = [make_enrollment(world.camp, status="applied") for _each in range(2)]

    messages = done(staff, Enrollment, "admit", rows)

    assert messages == [
        "Done for 1.",
        f"{rows[1]}: The camp is full. Raise its capacity or put the applicant on the waiting list.",
    ]
    assert [state(row) for row in rows] == ["active", "applied"]
    assert Enrollment.objects.get(pk=rows[0].pk).decided_by == world.organizer


def test_decline_needs_a_reason(staff, world):
    row = make_enrollment(world.camp, status="applied")

    page = act(staff, Enrollment, "decline", [row], confirmed="yes", reason="")

    assert page.context["form"].errors == {"reason": ["This field is required."]}
    assert state(row) == "applied"


@pytest.mark.parametrize(
    ("action", "before", "data", "after"),
    [
        ("put_on_waiting_list", "applied", {}, "active"),  # A seat is free.
        ("decline", "applied", {"reason": "Full."}, "declined"),
        ("reinstate", "removed", {}, "active"),
        ("remove", "active", {"reason": "Left."}, "removed"),
    ],
)
def test_enrollment_actions_call_their_service(staff, world, action, before, data, after):
    row = make_enrollment(world.camp, status=before, at=timezone.now())

    assert done(staff, Enrollment, action, [row], **data) == ["Done for 1."]
    assert state(row) == after


def test_a_decision_is_in_the_history_with_its_person(staff, world):
    row = make_enrollment(world.camp, status="applied")

    done(staff, Enrollment, "decline", [row], reason="Too late.")

    record = row.history.first()
    page = staff.get(reverse(address(Enrollment, "history"), args=[row.pk])).content.decode()
    assert (record.history_user, record.status) == (world.organizer, "declined")
    assert "Too late." in page
    assert world.organizer.display_name in page


def test_promote_hold_and_revert_ask_for_stage_and_reason(staff, world):
    stage = make_stage(world.camp)
    make_requirement(stage, course=make_course(world[Stage]))
    row = make_enrollment(world.camp, at=timezone.now())

    page = act(staff, Enrollment, "promote", [row])
    first = done(staff, Enrollment, "promote", [row], stage=stage.pk, reason="Merged a fix.")
    second = done(staff, Enrollment, "hold", [row], stage=stage.pk, reason="x")
    third = done(staff, Enrollment, "revert", [row], stage=stage.pk, reason="Copied.")

    participation = Participation.objects.get(enrollment=row, stage=stage)
    assert list(page.context["form"].fields) == ["stage", "reason"]
    assert (first, third) == (["Done for 1."], ["Done for 1."])
    assert second == [f"{row}: This student is already in the stage. Revert the promotion instead."]
    assert (participation.status, participation.reason, participation.decided_by) == (
        "reverted", "Copied.", world.organizer,
    )  # fmt: skip


def test_a_stage_of_another_camp_is_not_offered(staff, world):
    other = World("Zebra")
    row = make_enrollment(world.camp, at=timezone.now())

    page = act(staff, Enrollment, "promote", [row], confirmed="yes", stage=other[Stage].pk, reason="x")

    assert "stage" in page.context["form"].errors
    assert "Zebra" not in page.content.decode()


@pytest.mark.parametrize(("action", "after"), [("promote", "admitted"), ("revert", "reverted")])
def test_participation_actions(staff, world, action, after):
    row = world[Participation]
    Participation.objects.filter(pk=row.pk).update(status="held" if action == "promote" else "admitted")

    assert done(staff, Participation, action, [row], reason="Decided.") == ["Done for 1."]
    assert state(row) == after


def test_a_teacher_decides_on_nobody(client, world):
    teacher = make_user()
    StaffRole.objects.create(camp=world.camp, user=teacher, role="teacher")
    client.force_login(teacher)
    row = make_enrollment(world.camp, status="applied")

    done(client, Enrollment, "admit", [row])

    assert state(row) == "applied"


def test_an_organizer_elsewhere_decides_on_nobody_here(client, world):
    other = World("Zebra")
    StaffRole.objects.create(camp=world.camp, user=other.organizer, role="teacher")
    client.force_login(other.organizer)
    row = make_enrollment(world.camp, status="applied")

    assert done(client, Enrollment, "admit", [row]) == ["None of these are yours to decide."]
    assert state(row) == "applied"


def test_a_ticked_item_promotes(client, world):
    teacher = make_user()
    StaffRole.objects.create(camp=world.camp, user=teacher, role="assistant")
    client.force_login(teacher)
    row = make_enrollment(world.camp, at=timezone.now())
    data = {"requirement": world[Requirement].pk, "enrollment": row.pk, "note": "Seen."}

    client.post(reverse(address(ItemTick, "add")), data)

    tick = ItemTick.objects.get(enrollment=row)
    assert (tick.ticked_by, tick.note) == (teacher, "Seen.")
    assert Participation.objects.get(enrollment=row, stage=world[Stage]).is_admitted


def test_an_item_of_another_camp_cannot_be_ticked(staff, world):
    other = World("Zebra")
    data = {"requirement": other[Requirement].pk, "enrollment": world[Enrollment].pk}

    page = staff.post(reverse(address(ItemTick, "add")), data)

    assert "requirement" in page.context["adminform"].form.errors


def test_a_login_is_verified(staff, world):
    row = make_identity(world.student, login="typed")

    first = done(staff, Identity, "verify", [row])
    again = done(staff, Identity, "verify", [row])

    assert first == ["Done for 1."]
    assert again == [f"{row}: This login is already verified."]


def test_a_login_is_unlinked_by_a_superuser_only_and_its_person_is_told(staff, world):
    row = make_identity(world.student, login="typed")

    act(staff, Identity, "unlink", [row], confirmed="yes")
    kept = Identity.objects.linked().filter(login="typed").exists()
    staff.force_login(make_superuser())
    done(staff, Identity, "unlink", [row])

    assert kept
    assert not Identity.objects.linked().filter(login="typed").exists()
    assert world.student.notices.get(kind="accounts/login_unlinked").title != ""


def test_a_token_is_revoked(staff, world):
    row = world[UploadToken]

    assert done(staff, UploadToken, "revoke", [row]) == ["Done for 1."]
    assert UploadToken.objects.get(pk=row.pk).revoked_by == world.organizer


def test_a_mail_that_was_given_up_is_sent_again(staff, world):
    row = world[Mail]
    Mail.objects.filter(pk=row.pk).update(status="failed", tries=8)

    assert done(staff, Mail, "retry", [row]) == ["1 mail will be sent again."]
    assert state(row) == "queued"


def test_the_text_of_a_private_mail_is_shown_to_nobody(client, world):
    client.force_login(make_superuser())
    mail = Mail.objects.create(to="a@example.org", subject="Reset", body="https://secret-link", is_private=True)

    page = client.get(reverse(address(Mail, "change"), args=[mail.pk])).content.decode()

    assert "Reset" in page
    assert "secret-link" not in page


def test_rules_are_asked_again(staff, world):
    row = make_enrollment(world.camp, at=timezone.now())
    stage = make_stage(world.camp)
    make_requirement(stage, course=world[Course], points=5)
    CourseProgress.objects.create(enrollment=row, course=world[Course], points=5)
    url = reverse("admin:camps_camp_rules", args=[world.camp.pk])

    asked = staff.get(url)
    response = staff.post(url, follow=True)

    assert asked.status_code == 200
    assert told(response) == ["1 student was promoted."]
    assert Participation.objects.filter(enrollment=row, stage=stage).exists()


def test_the_rules_of_another_camp_are_a_404(staff):
    other = World("Zebra")

    assert staff.post(reverse("admin:camps_camp_rules", args=[other.camp.pk])).status_code == 404


@pytest.mark.parametrize("action", ["compare_standings", "rebuild_standings"])
def test_standings_are_compared_with_their_attempts(staff, world, action):
    CourseProgress.objects.filter(enrollment=world[Standing].enrollment, points__gt=0).update(points=9)

    messages = told(act(staff, Course, action, [world[Course]]))

    assert messages[0] == "Otter camp: 1 standing differs."


def test_a_camp_with_too_many_uploads_for_a_page_is_left_to_the_command(staff, world, monkeypatch):
    monkeypatch.setattr(rebuild, "MOST_AT_ONCE", 0)

    messages = told(act(staff, Course, "compare_standings", [world[Course]]))

    assert len(messages) == 1
    assert "manage.py rebuild_standings {}/{} --check".format(*world.camp.address) in messages[0]


def test_a_selection_that_is_no_row_is_a_400(staff):
    data = {"action": "admit", "_selected_action": ["abc"], "confirmed": "yes"}

    assert staff.post(reverse(address(Enrollment, "changelist")), data).status_code == 400


def test_the_history_tells_states_and_times_in_words(staff, world):
    row = make_enrollment(world.camp, at=timezone.now())
    done(staff, Enrollment, "remove", [row], reason="Left.")

    page = staff.get(reverse(address(Enrollment, "history"), args=[row.pk])).text

    assert "enrolled → removed" in page
    assert f"– → {world.organizer}" in page
    assert "pk=None" not in page
    assert "+00:00" not in page
