"""What the forms of the admin refuse, and what follows from what they save."""

from copy import deepcopy
from io import BytesIO

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from camp.accounts.models import User
from camp.camps.models import Camp, Reveal, StaffRole
from camp.enrollment.models import ApplicationQuestion
from camp.stages.models import Course, Requirement, Stage
from tests.admin_world import World, address, in_english
from tests.factories import make_enrollment, make_stage, make_student, make_superuser, make_user

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


def picture(kind="PNG", size=(40, 40), name="qr.png", extra=b""):
    target = BytesIO()
    Image.new("RGB", size, "white").save(target, kind)
    return SimpleUploadedFile(name, target.getvalue() + extra)


def form_of(client, row):
    """The change form of a row as a browser would send it back."""
    context = client.get(reverse(address(type(row), "change"), args=[row.pk])).context
    data = {}
    parts = [context["adminform"].form, *(formset.formset for formset in context["inline_admin_formsets"])]
    for form in parts:
        data |= sent(form) if not hasattr(form, "management_form") else sent(form.management_form)
    for formset in parts[1:]:
        for form in formset.initial_forms:
            data |= sent(form)
    return data


def sent(form):
    data = {}
    for field in form:
        value = field.value()
        if field.field.disabled or value is None or value is False or isinstance(field.field, forms.FileField):
            continue
        widgets = getattr(field.field.widget, "widgets", None)
        if widgets:
            pieces = field.field.widget.decompress(value)
            data |= {f"{field.html_name}_{place}": str(part) for place, part in enumerate(pieces) if part is not None}
        else:
            data[field.html_name] = [part.pk for part in value] if isinstance(value, list) else value
    return data


def save(client, row, **changes):
    return client.post(reverse(address(type(row), "change"), args=[row.pk]), form_of(client, row) | changes)


def errors(response):
    return response.context["adminform"].form.errors if response.context else {}


def stored(row):
    return type(row).objects.get(pk=row.pk)


def test_a_camp_is_saved(staff, world):
    response = save(staff, world.camp, name="Otter camp again")

    assert errors(response) == {}
    assert stored(world.camp).name == "Otter camp again"


def test_the_contact_of_a_camp_is_checked_and_its_change_recorded(staff, world):
    refused = save(staff, world.camp, contact="the office")
    save(staff, world.camp, contact=" ｃａｍｐ@harbour.example.org\u200b")

    assert list(errors(refused)) == ["contact"]
    assert stored(world.camp).contact == "camp@harbour.example.org"
    assert world.camp.history.latest().contact == "camp@harbour.example.org"


def test_capacity_below_the_seats_taken_is_refused(staff, world):
    taken = stored(world.camp).seats_taken

    response = save(staff, world.camp, capacity=taken - 1)

    assert errors(response) == {"capacity": [f"{taken} seats are taken. The capacity cannot be lower."]}


def test_a_higher_capacity_seats_the_waiting_list(staff, world):
    taken = stored(world.camp).seats_taken
    Camp.objects.filter(pk=world.camp.pk).update(capacity=taken)
    waiting = make_enrollment(world.camp, at=timezone.now())

    response = staff.post(
        reverse(address(Camp, "change"), args=[world.camp.pk]),
        form_of(staff, world.camp) | {"capacity": taken + 1},
        follow=True,
    )

    assert stored(waiting).is_active
    assert stored(world.camp).seats_taken == taken + 1
    assert "1 waiting student got a seat." in [str(message) for message in response.context["messages"]]


def test_an_organizer_cannot_move_a_camp_to_another_organization(staff, world):
    other = World("Zebra")

    save(staff, world.camp, organization=other.organization.pk)

    assert stored(world.camp).organization == world.organization


def test_a_key_that_is_taken_is_a_form_error(staff, world):
    second = make_stage(world.camp)

    response = save(staff, second, key=world[Stage].key)

    assert "__all__" in errors(response)


def test_a_course_of_another_stage_saves_in_its_camp_only(staff, world):
    other = World("Zebra")

    response = save(staff, world[Course], stage=other[Stage].pk)

    assert "stage" in errors(response)


def test_a_changed_rule_offers_to_ask_the_rules(staff, world):
    response = staff.post(
        reverse(address(Requirement, "change"), args=[world[Requirement].pk]),
        form_of(staff, world[Requirement]) | {"item": "Another item"},
        follow=True,
    )

    assert reverse("admin:camps_camp_rules", args=[world.camp.pk]) in response.content.decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_group_picture_is_drawn_anew(staff, world, settings, tmp_path, kind):
    settings.MEDIA_ROOT = tmp_path

    response = save(staff, world.camp, group_picture=picture(kind, extra=b"<script>alert(1)</script>"))

    with stored(world.camp).group_picture.open() as file:
        stored_bytes = file.read()
    assert errors(response) == {}
    assert stored_bytes.startswith(b"\x89PNG")
    assert b"script" not in stored_bytes


@pytest.mark.parametrize(
    ("upload", "error"),
    [
        (
            SimpleUploadedFile("qr.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
            "This file is no picture we can show. Upload a PNG, JPEG or WebP picture.",
        ),
        (
            SimpleUploadedFile("qr.jpg", b"<html><script>alert(1)</script></html>"),
            "This file is no picture we can show. Upload a PNG, JPEG or WebP picture.",
        ),
        (picture("GIF", name="qr.png"), "This file is no picture we can show. Upload a PNG, JPEG or WebP picture."),
        (
            picture("PNG", extra=b"x" * 2 * 1024 * 1024),
            "The picture is larger than 2 MB. Make it smaller and upload it again.",
        ),
        (picture("PNG", size=(4100, 4100)), "The picture has too many pixels. Make it smaller and upload it again."),
        (
            SimpleUploadedFile("qr.png", picture("PNG", size=(200, 200)).read()[:60]),
            "This picture is damaged. Save it again as PNG and upload that.",
        ),
    ],
    ids=["svg", "html", "gif", "too large", "too many pixels", "damaged"],
)
def test_what_is_no_picture_is_refused(staff, world, upload, error):
    upload.seek(0)

    assert errors(save(staff, world.camp, group_picture=upload)) == {"group_picture": [error]}


def test_a_group_picture_is_shown_to_organizers_and_recorded(staff, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    save(staff, world[Stage], group_picture=picture())
    url = reverse("admin:stages_stage_group_picture", args=[world[Stage].pk])

    response = staff.get(url)

    assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == ("image/png", True)
    assert Reveal.objects.filter(user=world.organizer, secret="group picture of Otter stage").exists()


def test_a_group_picture_is_a_404_to_others(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(world.organizer)
    save(client, world[Stage], group_picture=picture())
    teacher = make_user()
    StaffRole.objects.create(camp=world.camp, user=teacher, role="teacher")

    for person in (teacher, World("Zebra").organizer):
        client.force_login(person)

        assert client.get(reverse("admin:stages_stage_group_picture", args=[world[Stage].pk])).status_code == 404


def test_an_organizer_appoints_by_handle(staff, world):
    person = make_user("newteacher")

    staff.post(reverse(address(StaffRole, "add")), {"camp": world.camp.pk, "handle": "NewTeacher", "role": "teacher"})

    assert StaffRole.objects.get(user=person).history.first().history_user == world.organizer


@pytest.mark.parametrize(
    ("handle", "error"),
    [
        ("nobody", {"handle": ["Nobody has this handle."]}),
        ("otter-organizer", {"__all__": ["This person already has this role."]}),
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(staff, world, handle, error):
    data = {"camp": world.camp.pk, "handle": handle, "role": "organizer"}

    assert errors(staff.post(reverse(address(StaffRole, "add")), data)) == error


def test_an_organizer_appoints_in_no_other_camp(staff):
    other = World("Zebra")
    data = {"camp": other.camp.pk, "handle": "otter-organizer", "role": "organizer"}

    assert "camp" in errors(staff.post(reverse(address(StaffRole, "add")), data))


def test_an_organizer_changes_nobodys_account(staff, world):
    url = reverse(address(User, "change"), args=[world.organizer.pk])

    response = staff.post(url, {"handle": "x", "email": "x@example.org", "is_superuser": "on"})

    assert response.status_code == 403
    assert not stored(world.organizer).is_superuser
    assert staff.get(f"/admin/accounts/user/{world.organizer.pk}/password/").status_code == 403


def test_a_new_address_becomes_the_only_one(client, world):
    client.force_login(make_superuser())

    response = save(client, world.student, email="New@Example.org")

    assert errors(response) == {}
    assert stored(world.student).email == "new@example.org"
    addresses = EmailAddress.objects.filter(user=world.student).values_list("email", "verified", "primary")
    assert list(addresses) == [("new@example.org", True, True)]


def test_an_address_or_handle_of_somebody_else_is_refused(client, world):
    client.force_login(make_superuser())
    make_student("taken")

    response = save(client, world.student, email="taken@example.org", handle="Tàken")

    assert set(errors(response)) == {"email", "handle"}


def test_a_superuser_sets_a_password(client, world):
    client.force_login(make_superuser())
    data = {"password1": "another battery staple", "password2": "another battery staple", "usable_password": "true"}

    client.post(f"/admin/accounts/user/{world.student.pk}/password/", data | {"set-password": "x"})

    assert stored(world.student).check_password("another battery staple")


def test_what_history_hangs_on_is_kept(staff, world):
    page = staff.get(reverse(address(Course, "delete"), args=[world[Course].pk]))
    staff.post(reverse(address(Course, "delete"), args=[world[Course].pk]), {"post": "yes"})

    assert f"{world[Course]}: 2 attempts" in page.content.decode()
    assert stored(world[Course]) == world[Course]


def test_a_question_without_options_is_saved(staff, world):
    data = {"camp": world.camp.pk, "key": "os", "label": "Which system?", "kind": "text", "options": "", "position": 0}

    staff.post(reverse(address(ApplicationQuestion, "add")), data)

    assert ApplicationQuestion.objects.get(key="os").options == []
