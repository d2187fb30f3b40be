"""Who reaches what in the admin: every registered model, every address, as every kind of person."""

from copy import deepcopy

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.urls import reverse

from camp.accounts.models import LinkCode
from camp.camps.models import Camp, Organization, StaffRole
from camp.classrooms.models import CalendarFeed, Opening, ReminderChoice, SkippedCourse, Vote
from camp.projects.models import JoinRequest, ManualMove, Preference, SavedProject, Seeker
from camp.rankings.models import Appearance, FrozenStanding, ScoreCount, ScoreRange
from camp.stages.models import Course, Stage
from tests.admin_world import MODELS, SUPERUSERS_ONLY, World, address, in_english
from tests.factories import make_student, make_superuser, make_user

pytestmark = pytest.mark.django_db
OTHER = "Zebra"
EACH_MODEL = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
EACH_ROLE = pytest.mark.parametrize("role", StaffRole.Role)


@pytest.fixture
def client(client):
    return in_english(client)


@pytest.fixture(scope="module")
def made(lasting):
    return lasting(lambda: (World("Otter"), World(OTHER)))


@pytest.fixture
def own(made):
    return deepcopy(made[0])


@pytest.fixture
def other(made):
    return deepcopy(made[1])


def addresses(model, row):
    """Every address of a row and of its model."""
    rowed = [reverse(address(model, view), args=[row.pk]) for view in ("change", "history", "delete")]
    content_type = ContentType.objects.get_for_model(model).pk
    return [
        reverse(address(model, "changelist")),
        reverse(address(model, "changelist")) + f"?{model._meta.pk.name}__exact={row.pk}",
        reverse(address(model, "changelist")) + f"?q={OTHER[:4].lower()}",
        reverse(address(model, "changelist")) + f"?_popup=1&_to_field={model._meta.pk.name}",
        reverse(address(model, "add")),
        *rowed,
        reverse(address(model, "history"), args=[row.pk]) + "1/",
        reverse("admin:view_on_site", args=[content_type, row.pk]),
    ]


def said(client, url):
    """(status, text) of an address or of where it leads; of the admin's first page, where many lead, its messages."""
    response = client.get(url)
    if response.status_code == 302 and response["Location"] == reverse("admin:index"):
        return 302, " ".join(map(str, get_messages(response.wsgi_request)))
    if response.status_code == 302:
        response = client.get(url, follow=True)
    return response.status_code, response.content.decode()


def relations():
    """(model, field) for everything that the autocomplete could be asked for."""
    for model in MODELS:
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if field.is_relation and admin.site.is_registered(field.related_model):
                yield model, field


def test_every_model_of_ours_is_registered():
    """But what is a person's own (reminders, what they opened, names, codes, requests), the counts behind boards, and
    the lines that the page of a list or of a run shows."""
    personal = {Opening, CalendarFeed, ReminderChoice, SkippedCourse, Vote, Appearance, LinkCode, SavedProject}
    personal |= {JoinRequest, Seeker}
    counts = {FrozenStanding, ScoreRange, ScoreCount}
    lines = {Preference, ManualMove}
    ours = {model for model in apps.get_models() if model.__module__.startswith("camp.")}
    histories = {model for model in ours if model.__name__.startswith("Historical")}

    assert ours - histories - set(MODELS) == personal | counts | lines


def test_no_registered_model_lacks_a_row_in_these_tests(own):
    assert set(own.rows) == set(MODELS)


@EACH_MODEL
def test_strangers_are_sent_to_sign_in(client, own, model):
    for url in addresses(model, own[model]):
        response = client.get(url)

        assert response.status_code == 302
        assert response["Location"].startswith(("/accounts/login/", "/admin/login/"))


@EACH_MODEL
def test_students_get_403(client, own, model):
    client.force_login(own.student)

    for url in addresses(model, own[model]):
        assert client.get(url, follow=True).status_code == 403


@EACH_MODEL
def test_an_organizer_reaches_nothing_of_another_camp(client, own, other, model):
    client.force_login(own.organizer)

    for url in addresses(model, other[model]):
        status, text = said(client, url)

        assert OTHER not in text, url
        assert status in ({302, 403, 404} if "/change/" in url or "/delete/" in url else {200, 302, 403, 404}), url


@EACH_MODEL
def test_an_organizer_changes_and_deletes_nothing_of_another_camp(client, own, other, model):
    client.force_login(own.organizer)
    row = other[model]
    before = model._default_manager.filter(pk=row.pk).values().get()

    for view in ("change", "delete"):
        client.post(reverse(address(model, view), args=[row.pk]), {"post": "yes"})
    actions = list(admin.site.get_model_admin(model).actions or []) + ["delete_selected"]
    for action in actions:
        data = {"action": action, "_selected_action": [row.pk], "confirmed": "yes", "post": "yes", "reason": "x"}
        response = client.post(reverse(address(model, "changelist")), data, follow=True)
        assert OTHER not in response.content.decode()

    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_autocomplete_offers_nothing_of_another_camp(client, own, other):
    client.force_login(own.organizer)

    for model, field in relations():
        names = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
        for term in ("", OTHER[:4].lower()):
            response = client.get(reverse("admin:autocomplete"), names | {"term": term})

            assert OTHER not in response.content.decode(), (model, field)
            assert response.status_code in (200, 403, 404)


@EACH_MODEL
def test_a_teacher_narrowed_to_a_course_sees_what_a_role_may(client, own, other, model):
    teacher = make_user()
    role = StaffRole.objects.create(camp=own.camp, user=teacher, role="teacher")
    own[Course].staff.add(role)
    client.force_login(teacher)

    for url in addresses(model, other[model]):
        assert OTHER not in said(client, url)[1], url


@EACH_MODEL
def test_the_admin_serves_every_page_to_a_superuser(client, own, model):
    client.force_login(make_superuser())

    for url in addresses(model, own[model])[:-2]:
        assert client.get(url).status_code in (200, 403), url


@EACH_MODEL
def test_the_organizer_sees_the_own_camp(client, own, model):
    client.force_login(own.organizer)
    url = reverse(address(model, "change"), args=[own[model].pk])

    assert client.get(url).status_code == (403 if model in SUPERUSERS_ONLY else 200)


@EACH_ROLE
def test_a_role_is_needed_in_the_camp_for_its_secrets(client, own, role):
    person = make_user()
    StaffRole.objects.create(camp=own.camp, user=person, role=role)
    client.force_login(person)
    pages = [
        client.get(reverse(address(type(row), view), args=[row.pk])).content.decode()
        for row in (own.camp, own[Stage])
        for view in ("change", "history")
    ]

    assert any("secret" in page for page in pages) == (role == "organizer")


def test_a_lookup_on_a_secret_is_refused(client, own):
    client.force_login(own.organizer)

    for url in (
        reverse("admin:camps_camp_changelist") + "?group_link__startswith=h",
        reverse("admin:stages_stage_changelist") + "?camp__group_link__startswith=h",
        reverse("admin:accounts_user_changelist") + "?password__startswith=x",
        reverse("admin:rankings_uploadtoken_changelist") + "?secret_hash__startswith=0",
        reverse("admin:enrollment_enrollment_changelist") + "?student__enrollments__camp__name=x",
    ):
        assert client.get(url).status_code == 400, url


def test_a_raw_id_of_another_camp_is_refused_with_an_error(client, own, other):
    client.force_login(own.organizer)
    data = {"camp": other.camp.pk, "title": "News", "published_at_0": "2024-07-01", "published_at_1": "10:00"}

    response = client.post(reverse("admin:stages_announcement_add"), data)

    assert response.status_code == 200
    assert "camp" in response.context["adminform"].form.errors


def test_rows_of_two_own_camps_do_not_mix(client, own, other):
    StaffRole.objects.create(camp=other.camp, user=own.organizer, role="organizer")
    client.force_login(own.organizer)
    data = {
        "camp": own.camp.pk, "stage": other[Stage].pk, "title": "News",
        "published_at_0": "2024-07-01", "published_at_1": "10:00",
    }  # fmt: skip

    response = client.post(reverse("admin:stages_announcement_add"), data)

    assert response.context["adminform"].form.errors == {"stage": ["This belongs to another camp."]}


def test_a_signed_in_stranger_gets_403_not_a_loop(client):
    client.force_login(make_student())

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) == 1


@pytest.mark.parametrize(
    "path", ["r/999999/1/", "enrollment/enrollment/abc/history/", "stages/course/99999999999999999999/token/"]
)
def test_an_address_of_nothing_is_a_404(client, own, path):
    client.force_login(own.organizer)

    assert client.get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize("model", [Organization, Camp])
def test_an_organizer_creates_neither_camps_nor_organizations(client, own, model):
    client.force_login(own.organizer)

    assert client.get(reverse(address(model, "add"))).status_code == 403
