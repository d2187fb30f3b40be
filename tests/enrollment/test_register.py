"""The application as a student meets it in every state of the camp and of their place in it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.accounts.models import User
from camp.camps.models import Camp
from camp.enrollment import services, views
from camp.enrollment.forms import ApplicationForm
from camp.enrollment.models import Enrollment, Invitation
from tests.enrollment.applicants import PROFILE, address, ask, browser, page, said, send, text
from tests.factories import make_camp, make_enrollment, make_running_camp, make_staff_role, make_student, make_user

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


@pytest.fixture
def camp():
    return make_running_camp("summer", name="Summer camp")


@pytest.fixture
def reader():
    return make_user()


# Who may see the form.


def test_stranger_is_sent_to_sign_in_and_back(camp):
    response = browser().get(address(camp, "abcd"), follow=True)

    target = f"{reverse('account_login')}?next={address(camp)}%3Fcode%3Dabcd"
    assert response.redirect_chain == [(target, 302)]
    assert said(response) == ["Sign in or create an account to apply to Summer camp."]


def test_unknown_camp_is_404(camp, reader):
    organization = camp.organization.slug

    for path in (f"/{organization}/camp/nowhere/register/", "/nobody/camp/summer/register/"):
        assert browser(reader).get(path).status_code == 404
        assert browser().get(path).status_code == 404


def test_unpublished_camp_is_404_but_for_its_staff(reader):
    camp = make_running_camp(is_published=False)

    assert page(camp, reader).status_code == 404
    assert page(camp, make_staff_role(camp).user).status_code == 200


def test_address_is_read_in_any_case(camp, reader):
    assert browser(reader).get(address(camp).upper().replace("/CAMP/", "/camp/").lower()).status_code == 200


def test_form_shows_what_is_known_of_the_reader(camp):
    reader = make_student(display_name="Lin Wei", city="Harbour")

    form = page(camp, reader).context["form"]

    assert (form["display_name"].value(), form["city"].value()) == ("Lin Wei", "Harbour")


def test_form_asks_equally_often_for_many_questions(camp, reader):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert page(camp, reader).status_code == 200
        return len(queries)

    ask(camp, "one")
    few = asked()
    ask(camp, "two")
    ask(camp, "three")

    assert asked() == few


# The states in which nobody can apply.


def test_before_the_opening_the_page_says_when(reader):
    opens_at = datetime.now(UTC) + timedelta(days=3)
    camp = make_running_camp(registration_opens_at=opens_at)

    for response in (page(camp, reader), send(camp, reader)):
        assert response.status_code == 403
        assert "Registration is not open yet" in text(response)
        assert "Registration opens" in text(response)
        assert 'datetime="' in text(response)
    assert Enrollment.objects.count() == 0


def test_after_the_closing_the_page_says_when(reader):
    camp = make_camp()

    for response in (page(camp, reader), send(camp, reader)):
        assert response.status_code == 403
        assert "Registration is closed" in text(response)
    assert Enrollment.objects.count() == 0


@pytest.mark.parametrize("status", [Status.APPLIED, Status.WAITING, Status.ACTIVE])
def test_who_has_applied_is_told_so(status, camp):
    enrollment = make_enrollment(camp, status=status)

    response = page(camp, enrollment.student)

    assert response.status_code == 200
    assert "You have already applied" in text(response)
    assert reverse("enrollment:withdraw", args=camp.address) in text(response)
    assert send(camp, enrollment.student).status_code == 403


def test_who_waits_is_told_the_place_in_the_list(camp):
    make_enrollment(camp, status=Status.WAITING)
    enrollment = make_enrollment(camp, status=Status.WAITING)

    assert "You are number 2 on the list." in text(page(camp, enrollment.student))


def test_removed_student_is_told_why_and_cannot_apply(camp):
    enrollment = make_enrollment(camp, status=Status.REMOVED)
    Enrollment.objects.update(reason="Copied homework.")

    response = page(camp, enrollment.student)

    assert response.status_code == 403
    assert "You cannot apply again" in text(response)
    assert "Copied homework." in text(response)
    assert send(camp, enrollment.student).status_code == 403


# Applying.


def test_application_is_stored_with_the_profile(camp, reader):
    ask(camp)

    response = browser(reader).post(
        address(camp), PROFILE | {"answer-why": "To learn.", "heard_from": "A friend"}, follow=True
    )

    assert response.redirect_chain == [(camp.get_absolute_url(), 302)]
    assert said(response) == ["Welcome! You are enrolled in Summer camp."]
    enrollment = Enrollment.objects.get()
    assert (enrollment.student, enrollment.answers, enrollment.heard_from) == (reader, {"why": "To learn."}, "A friend")
    stored = User.objects.filter(pk=reader.pk).values(*PROFILE).get()
    assert stored == PROFILE


def test_application_to_a_full_camp_is_told_before_and_after(reader):
    camp = make_running_camp(capacity=1, name="Summer camp")
    services.apply(camp, student=make_student())

    assert "All seats are taken: you will join the waiting list." in text(page(camp, reader))
    response = browser(reader).post(address(camp), PROFILE, follow=True)

    words = "You are number 1 on the waiting list of Summer camp. A mail tells you when you have a seat."
    assert said(response) == [words]


def test_application_where_staff_decide_is_told_before_and_after(reader):
    camp = make_running_camp(needs_approval=True, name="Summer camp")

    assert "The staff decide on each application." in text(page(camp, reader))
    response = browser(reader).post(address(camp), PROFILE, follow=True)

    assert said(response) == ["Your application to Summer camp has arrived. Its staff decide, and a mail tells you."]


def test_application_again_begins_with_the_earlier_answers(camp):
    ask(camp)
    ask(camp, "langs", kind="choices", options=["C++", "Rust"])
    inviter = Invitation.objects.create(camp=camp, inviter=make_student(), code="abcd")
    earlier = make_enrollment(camp, status=Status.WITHDRAWN)
    Enrollment.objects.update(
        answers={"why": "To learn.", "langs": ["Rust"]}, heard_from="A friend", invitation=inviter
    )

    form = page(camp, earlier.student).context["form"]

    values = [form[name].value() for name in ("answer-why", "answer-langs", "heard_from", "code")]
    assert values == ["To learn.", ["Rust"], "A friend", "abcd"]


def test_refusal_by_the_service_stands_on_the_form(camp, reader):
    """Registration closes while the form is on its way: the profile is not half saved."""
    form = ApplicationForm(PROFILE, camp=camp, student=reader)
    Camp.objects.update(registration_closes_at=datetime.now(UTC) - timedelta(seconds=1))

    assert form.is_valid()
    assert views.submit(form) is None
    assert form.non_field_errors() == ["Registration for this camp is closed."]
    assert User.objects.get(pk=reader.pk).city == ""
