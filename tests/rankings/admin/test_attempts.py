"""Staff find an upload: filters, the answer and the student in the list, and one page for each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from camp.rankings import corrections
from camp.rankings.models import Attempt
from camp.stages.models import Course
from tests.admin_world import World, in_english
from tests.factories import make_attempt, make_enrollment, make_identity, make_student, make_superuser

pytestmark = pytest.mark.django_db
LIST = "/admin/rankings/attempt/"


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def staff(client, world):
    in_english(client).force_login(world.organizer)
    return client


def upload(world, login="wave", **fields):
    return make_attempt(world[Course], login=login, at=fields.pop("at", timezone.now()), **{"status": 200} | fields)


def refusal(world, login="wave", **fields):
    kind = {"outcome": "refused", "reason": "above_maximum", "detail": "score is error", "status": 400}
    return upload(world, login, **kind | fields)


def found(staff, **query):
    """The uploads of the list that came under the logins of these tests."""
    rows = staff.get(LIST, {"q": "wave"} | query).context["cl"].result_list
    return {row.pk for row in rows}


def test_the_list_is_narrowed_by_status(staff, world):
    upload(world)
    refused, missing = refusal(world), refusal(world, status=404, reason="unknown_course")

    assert (found(staff, answered="400"), found(staff, answered="404")) == ({refused.pk}, {missing.pk})


def test_the_list_is_narrowed_by_reason_and_by_the_last_30_days(staff, world):
    recent, _old = refusal(world), refusal(world, at=timezone.now() - timedelta(days=31))
    upload(world)

    assert found(staff, reason__exact="above_maximum", received="month") == {recent.pk}


@pytest.mark.parametrize("parameter", ["answered", "linked", "received"])
def test_a_filter_that_is_none_narrows_nothing(staff, world, parameter):
    attempt = upload(world)

    assert found(staff, **{parameter: "x"}) == {attempt.pk}


def test_the_list_is_narrowed_to_linked_and_to_unlinked_logins(staff, world):
    enrollment = make_enrollment(world.camp, at=timezone.now())
    identity = make_identity(enrollment.student, login="wave-linked")
    linked = upload(world, "wave-linked")
    proven = upload(world, "wave-renamed", source="proven", identity=identity)
    make_identity(login="wave-left", unlinked_at=timezone.now() - timedelta(days=1))
    unlinked = [upload(world, "wave"), upload(world, "wave-left"), upload(world, "wave-linked", channel="gitee")]

    assert found(staff, linked="yes") == {linked.pk, proven.pk}
    assert found(staff, linked="no") == {attempt.pk for attempt in unlinked}


def test_the_list_shows_the_answer_and_leads_to_the_student(staff, world):
    enrollment = make_enrollment(world.camp, student=make_student("rowan"), at=timezone.now())
    make_identity(enrollment.student, login="wave")
    refusal(world)

    page = staff.get(LIST, {"q": "wave"}).content.decode()

    assert "400 score is error" in page
    assert f'<a href="{reverse("admin:enrollment_enrollment_change", args=[enrollment.pk])}">Rowan</a>' in page


def test_somebody_who_is_not_in_the_camp_is_not_named(staff, world):
    make_identity(make_student("rowan"), login="wave")
    upload(world)

    page = staff.get(LIST, {"q": "wave"}).content.decode()

    assert ("linked, not in this camp" in page, "Rowan" in page) == (True, False)


def test_an_upload_belongs_to_who_had_the_name_when_it_came(staff, world):
    noon = timezone.now() - timedelta(days=2)
    before, after = (make_enrollment(world.camp, student=make_student(name), at=noon) for name in ("rowan", "sasha"))
    make_identity(before.student, login="wave", unlinked_at=noon)
    make_identity(after.student, login="wave", owned_from=noon)
    early, late = upload(world, at=noon - timedelta(hours=1)), upload(world, at=noon + timedelta(hours=1))

    rows = staff.get(LIST, {"q": "wave"}).context["cl"].result_list

    assert {row.pk: row.owner for row in rows} == {early.pk: before, late.pk: after}


def test_a_correction_in_force_is_the_state_of_its_upload(staff, world):
    corrections.disqualify(upload(world), by=make_superuser(), reason="Copied.")

    assert "upload disqualified" in staff.get(LIST, {"q": "wave"}).content.decode()


def test_more_uploads_cost_no_more_queries(staff, world, django_assert_num_queries, django_assert_max_num_queries):
    make_identity(world.student, login="wave-one")
    corrections.disqualify(upload(world, "wave-one"), by=make_superuser(), reason="Copied.")
    staff.get(LIST)
    with django_assert_max_num_queries(25) as one:
        staff.get(LIST)
    for login in ("wave", "wave-two", "wave-three"):
        make_identity(make_enrollment(world.camp, at=timezone.now()).student, login=login)
        corrections.disqualify(upload(world, login), by=make_superuser(), reason="Copied.")
        refusal(world, login)

    with django_assert_num_queries(len(one)):
        staff.get(LIST)


def test_a_refused_upload_without_points_has_a_title(staff, world):
    attempt = refusal(world, points=None)

    page = staff.get(f"{LIST}{attempt.pk}/change/").content.decode()

    assert "None" not in page.partition("<title>")[2].partition("</title>")[0]
    assert f"wave · {world[Course]} · –" in page


def test_the_page_of_an_upload_shows_the_answer_to_the_byte_and_its_student(staff, world):
    enrollment = make_enrollment(world.camp, student=make_student("rowan"), at=timezone.now())
    make_identity(enrollment.student, login="wave")

    page = staff.get(f"{LIST}{refusal(world).pk}/change/").content.decode()

    assert "{&quot;result&quot;:400,&quot;msg&quot;:&quot;score is error&quot;}" in page
    assert ">Rowan</a>" in page


def test_an_upload_of_no_known_course_is_for_superusers(staff, client, world):
    attempt = Attempt.objects.create(
        outcome="refused", reason="unknown_course", login="wave", login_key="wave", status=404
    )
    seen_by_staff = found(staff)

    client.force_login(make_superuser())

    assert (seen_by_staff, found(client)) == (set(), {attempt.pk})


def test_an_upload_of_a_students_that_names_no_known_course_is_found(staff, world):
    enrollment = make_enrollment(world.camp, at=timezone.now())
    make_identity(enrollment.student, login="wave")
    make_identity(login="wave-stranger")
    nowhere = {"outcome": "refused", "reason": "unknown_course", "detail": "No course", "status": 404, "course": None}
    own = Attempt.objects.create(channel="github", login="wave", login_key="wave", **nowhere)
    Attempt.objects.create(channel="github", login="wave-stranger", login_key="wave-stranger", **nowhere)
    Attempt.objects.create(channel="github", login="wave-nobody", login_key="wave-nobody", **nowhere)

    assert found(staff) == {own.pk}
    assert "linked; no known course is named" in staff.get(LIST, {"q": "wave"}).content.decode()
