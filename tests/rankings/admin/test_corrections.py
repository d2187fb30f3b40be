"""Corrections in the admin: who may, what the pages ask, and that each goes through its service."""

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.accounts import services as accounts
from camp.camps.models import StaffRole
from camp.rankings import corrections
from camp.rankings.models import Attempt, Correction, Standing
from camp.stages.models import Course, Stage
from tests.admin_world import World, address, in_english
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_student,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = World("Otter")
    Correction.objects.all().delete()
    return world


@pytest.fixture
def staff(client, world):
    client.force_login(world.organizer)
    return in_english(client)


@pytest.fixture
def teacher(client, world):
    user = make_user()
    StaffRole.objects.create(camp=world.camp, user=user, role="teacher")
    client.force_login(user)
    return in_english(client)


def act(client, model, action, *rows, **data):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
    return client.post(reverse(address(model, "changelist")), data, follow=True)


def done(client, model, action, *rows, **data):
    """What staff are told after a confirmed action."""
    return told(act(client, model, action, *rows, confirmed="yes", **data))


def told(response):
    return [str(message) for message in response.context["messages"]]


def scoring(world, *, points=10, login=None):
    """A student with an upload in the world's course: (enrollment, attempt)."""
    enrollment = make_enrollment(world.camp, at=timezone.now())
    identity = make_identity(enrollment.student, login=login)
    attempt = make_attempt(world[Course], login=identity.login, points=points, at=timezone.now())
    corrections.standings.improve(enrollment, attempt)
    return enrollment, attempt


def test_points_of_several_students_are_adjusted(staff, world):
    scoring(world), scoring(world)
    rows = list(Standing.objects.filter(points=10))

    asked = act(staff, Standing, "adjust_points", *rows)
    wrong = act(staff, Standing, "adjust_points", *rows, confirmed="yes", points="x", reason="A wrong test.")
    messages = done(staff, Standing, "adjust_points", *rows, points="-2.5", reason="A wrong test.")

    assert [field.name for field in asked.context["form"]] == ["points", "reason"]
    assert (list(wrong.context["form"].errors), "A wrong test." in wrong.text) == (["points"], True)
    assert messages == ["Done for 2."]
    assert set(Standing.objects.filter(pk__in=[row.pk for row in rows]).values_list("points", flat=True)) == {7.5}
    assert set(Correction.objects.values_list("made_by", "reason")) == {(world.organizer.pk, "A wrong test.")}


def test_a_refusal_is_told_with_its_row(staff, world):
    scoring(world)
    row = Standing.objects.get(points=10)

    messages = done(staff, Standing, "adjust_points", row, points="0", reason="x")

    assert messages == [f"{row}: Say how many points are added, or taken away with a minus before them."]


def test_teachers_see_corrections_and_make_none(teacher, world):
    _enrollment, attempt = scoring(world)

    for model, action, row in (
        (Attempt, "disqualify", attempt),
        (Attempt, "move", attempt),
        (Standing, "adjust_points", Standing.objects.get(best=attempt)),
    ):
        act(teacher, model, action, row, confirmed="yes", reason="x", points="1", to_course=world[Course].pk)

    assert not Correction.objects.exists()
    assert teacher.get(reverse("admin:rankings_correction_changelist")).status_code == 200
    assert teacher.get(reverse("admin:rankings_correction_add")).status_code == 403


def test_an_upload_is_disqualified(staff, world):
    _enrollment, attempt = scoring(world)

    assert done(staff, Attempt, "disqualify", attempt, reason="Copied.") == ["Done for 1."]
    assert not Standing.objects.filter(best=attempt).exists()


def test_an_upload_is_moved_to_a_course_of_its_camp(staff, world):
    enrollment, attempt = scoring(world)
    target, empty = make_course(world[Stage]), make_course(world[Stage], max_points=0)
    foreign = make_course()

    offered = act(staff, Attempt, "move", attempt).context["form"].fields["to_course"].queryset
    refused = act(staff, Attempt, "move", attempt, confirmed="yes", to_course=foreign.pk, reason="x")
    messages = done(staff, Attempt, "move", attempt, to_course=target.pk, reason="Wrong courseId.")

    assert (target in offered, empty in offered, foreign in offered) == (True, False, False)
    assert list(refused.context["form"].errors) == ["to_course"]
    assert messages == ["Done for 1."]
    assert Standing.objects.filter(enrollment=enrollment).values_list("course", "points").get() == (target.pk, 10)


def test_points_are_given_to_who_has_no_standing(staff, world):
    enrollment, url = make_enrollment(world.camp, at=timezone.now()), reverse("admin:rankings_correction_add")
    data = {"enrollment": enrollment.pk, "course": world[Course].pk, "points": "4.5", "reason": "An exam on paper."}

    page = staff.get(url, {"enrollment": enrollment.pk})
    empty = staff.post(url, {})
    response = staff.post(url, data, follow=True)

    assert page.status_code == 200
    assert set(empty.context["form"].errors) == {"enrollment", "course", "points", "reason"}
    assert told(response) == [f"Done: points adjusted: {enrollment.student} · Otter course · +4.5"]
    assert Standing.objects.get(enrollment=enrollment).points == 4.5


def test_a_refused_adjustment_keeps_the_form(staff, world):
    enrollment = make_enrollment(world.camp, status="applied", at=timezone.now())
    data = {"enrollment": enrollment.pk, "course": world[Course].pk, "points": "4", "reason": "An exam on paper."}

    page = staff.post(reverse("admin:rankings_correction_add"), data)

    assert page.context["form"].non_field_errors() == [
        "This student is not enrolled, so there are no points to adjust."
    ]
    assert "An exam on paper." in page.text


@pytest.mark.parametrize("value", ["99999999999999999999", "x", "\x00"])
def test_an_odd_adjustment_is_an_error_of_the_form(staff, world, value):
    data = dict.fromkeys(("enrollment", "course", "points", "reason"), value)

    page = staff.post(reverse("admin:rankings_correction_add"), data)

    assert {"enrollment", "course", "points"} <= set(page.context["form"].errors)


def test_points_of_another_camp_cannot_be_named(staff, world):
    other = World("Zebra")
    data = {"enrollment": other[Standing].enrollment_id, "course": other[Course].pk, "points": "4", "reason": "x"}

    page = staff.post(reverse("admin:rankings_correction_add"), data)

    assert {"enrollment", "course"} <= set(page.context["form"].errors)


def test_a_line_is_taken_back(staff, world):
    _enrollment, attempt = scoring(world)
    corrections.disqualify(attempt, by=None, reason="Copied.")
    line = Correction.objects.get()

    messages = done(staff, Correction, "take_back", line, reason="It was their own.")
    again = done(staff, Correction, "take_back", line, reason="It was their own.")

    assert messages == ["Done for 1."]
    assert again == [f"{line}: This correction is taken back already."]
    assert Standing.objects.filter(best=attempt).exists()


def test_the_ledger_is_searched_and_filtered(staff, world):
    enrollment, attempt = scoring(world, login="finder")
    mine = corrections.disqualify(attempt, by=None, reason="x")
    theirs = corrections.adjust(scoring(world)[0], world[Course], points=1, by=None, reason="x")
    corrections.revert(theirs, by=None, reason="x")
    url = reverse("admin:rankings_correction_changelist")

    def listed(**query):
        return set(staff.get(url, query).context["cl"].result_list)

    assert listed(q="finder") == listed(state="in_force") == listed(kind__exact="disqualified") == {mine}
    assert listed(q=theirs.enrollment.student.handle) == listed(state="taken_back") == {theirs}
    assert enrollment.student.handle not in str(theirs)


@pytest.mark.parametrize("kind", ["adjust", "disqualify", "move", "give", "find"])
def test_every_kind_of_line_has_its_page(staff, world, kind):
    enrollment, attempt = scoring(world)
    make_attempt(world[Course], login="nobody", at=timezone.now())
    options = {"by": None, "reason": "x"}
    makers = {
        "adjust": lambda: corrections.adjust(enrollment, world[Course], points=1, **options),
        "disqualify": lambda: corrections.disqualify(attempt, **options),
        "move": lambda: corrections.move(attempt, to_course=make_course(world[Stage]), **options),
        "give": lambda: corrections.give_login(enrollment.student.identities.get(), to=make_student(), **options),
        "find": lambda: corrections.give_unlinked_login("github", "nobody", to=enrollment.student, **options),
    }
    line = makers[kind]()

    assert staff.get(reverse("admin:rankings_correction_change", args=[line.pk])).status_code == 200
    assert line in staff.get(reverse("admin:rankings_correction_changelist")).context["cl"].result_list


def test_the_page_of_an_upload_without_a_course_opens(client):
    """It belongs to no camp, whose clock its page would go by."""
    attempt = Attempt.objects.create(outcome="refused", reason="unknown_course", received_at=timezone.now())
    client.force_login(make_superuser())

    assert client.get(reverse("admin:rankings_attempt_change", args=[attempt.pk])).status_code == 200


def test_a_login_is_given_to_another_account_of_its_person(staff, world):
    enrollment, _attempt = scoring(world)
    identity, second = enrollment.student.identities.get(), make_enrollment(world.camp, at=timezone.now()).student

    messages = done(staff, type(identity), "give", identity, account=second.handle.upper(), reason="Two accounts.")

    identity.refresh_from_db()
    assert messages == ["Done for 1."]
    assert identity.user == second
    assert Standing.objects.filter(points=10).values_list("enrollment__student", flat=True).get() == second.pk


def test_logins_of_people_in_other_camps_are_for_superusers(client, staff, world):
    enrollment, _attempt = scoring(world)
    identity, second = enrollment.student.identities.get(), make_enrollment(world.camp, at=timezone.now()).student
    stranger, elsewhere = make_student(), World("Zebra").camp
    data = {"confirmed": "yes", "reason": "Two accounts."}

    def errors(account):
        return list(act(staff, type(identity), "give", identity, account=account, **data).context["form"].errors)

    assert errors("nobody-at-all") == errors(stranger.handle) == ["account"]
    make_enrollment(elsewhere, student=enrollment.student, at=timezone.now())
    assert errors(second.handle) == ["__all__"]
    client.force_login(make_superuser())
    assert done(client, type(identity), "give", identity, account=stranger.handle, reason="x") == ["Done for 1."]


def test_a_given_login_is_taken_back_by_who_organizes_all_camps(staff, world):
    enrollment, _attempt = scoring(world)
    second = make_enrollment(world.camp, at=timezone.now()).student
    line = corrections.give_login(enrollment.student.identities.get(), to=second, by=None, reason="x")
    place = make_enrollment(World("Zebra").camp, student=second, at=timezone.now())

    refused = done(staff, Correction, "take_back", line, reason="x")
    StaffRole.objects.create(camp=place.camp, user=world.organizer, role="organizer")
    messages = done(staff, Correction, "take_back", line, reason="x")

    assert refused == [f"{line}: Its people are in camps that you do not organize. Ask a superuser."]
    assert messages == ["Done for 1."]


def login_url(login):
    return f"{reverse('admin:rankings_correction_login')}?channel=github&login={login}"


def test_an_unlinked_login_is_given_to_its_student(staff, world):
    make_attempt(world[Course], login="Nobody", points=12, at=timezone.now())
    student = make_enrollment(world.camp, at=timezone.now()).student

    listed = staff.get(reverse("admin:unlinked_logins"))
    asked = staff.get(login_url("nobody"))
    wrong = staff.post(login_url("nobody"), {"account": "nobody-at-all", "reason": "Said so."})
    response = staff.post(login_url("nobody"), {"account": student.handle, "reason": "Said so."}, follow=True)

    assert login_url("nobody").replace("&", "&amp;") in listed.text
    assert (asked.status_code, list(wrong.context["form"].errors)) == (200, ["account"])
    assert told(response) == ["Done: login given to its person: nobody (GitHub)"]
    assert Standing.objects.get(enrollment__student=student).points == 12
    assert staff.get(login_url("nobody")).status_code == 404


def test_an_unlinked_login_that_cannot_be_given_is_an_error_of_the_form(staff, world):
    make_attempt(world[Course], login="Nobody", at=timezone.now())
    student = make_enrollment(world.camp, at=timezone.now()).student
    for _each in range(accounts.MOST_LOGINS):
        make_identity(student)

    page = staff.post(login_url("nobody"), {"account": student.handle, "reason": "Said so."})

    assert (page.status_code, len(page.context["form"].non_field_errors())) == (200, 1)


def test_teachers_and_other_camps_give_no_logins(client, teacher, world):
    make_attempt(world[Course], login="nobody", at=timezone.now())
    refused = teacher.get(login_url("nobody")).status_code
    listed = teacher.get(reverse("admin:unlinked_logins")).text
    client.force_login(World("Zebra").organizer)

    assert (refused, client.get(login_url("nobody")).status_code) == (404, 404)
    assert "Give to a student" not in listed
