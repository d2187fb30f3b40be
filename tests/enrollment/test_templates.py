"""The reader's place in a camp, and the next thing to do, in each state."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from camp.enrollment.models import Enrollment, Invitation
from tests.factories import make_camp, make_enrollment, make_running_camp

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


def place(camp, enrollment=None, **context):
    window = {"registration_is_open": True, "registration_is_coming": False}
    fields = {"camp": camp, "enrollment": enrollment, "csrf_token": "token"} | window | context
    return render_to_string("enrollment/_place.html", fields)


def words(markup):
    return " ".join(strip_tags(markup).split())


def links(markup, camp):
    names = ("register", "withdraw", "group")
    return {name for name in names if f'"{reverse(f"enrollment:{name}", args=camp.address)}"' in markup}


def test_stranger_can_apply():
    camp = make_camp(capacity=3)

    markup = place(camp)

    assert links(markup, camp) == {"register"}
    assert "3 seats are free." in words(markup)


def test_stranger_is_told_that_the_camp_is_full():
    camp = make_camp(capacity=1)
    make_enrollment(camp)
    camp.refresh_from_db()

    assert "All seats are taken. Who applies now joins the waiting list." in words(place(camp))


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({"registration_is_open": False, "registration_is_coming": True}, "Registration opens"),
        ({"registration_is_open": False}, "Registration closed"),
    ],
)
def test_closed_registration_says_when_and_offers_nothing(window, sentence):
    camp = make_camp()

    markup = place(camp, **window)

    assert links(markup, camp) == set()
    assert sentence in words(markup)
    assert "datetime=" in markup


def test_student_sees_the_group_the_invitation_and_the_way_out():
    camp = make_running_camp(group_link="https://chat.example.org/secret")
    enrollment = make_enrollment(camp)
    invitation = Invitation.objects.get(inviter=enrollment.student)

    markup = place(camp, enrollment, invitation=invitation)

    assert links(markup, camp) == {"group", "withdraw"}
    assert invitation.url in markup
    assert "chat.example.org" not in markup


def test_after_the_end_nobody_is_invited_and_nobody_leaves():
    camp = make_camp(group_link="https://chat.example.org/secret")
    enrollment = make_enrollment(camp)
    invitation = Invitation.objects.get(inviter=enrollment.student)

    markup = place(camp, enrollment, invitation=invitation)

    assert links(markup, camp) == {"group"}
    assert invitation.url not in markup
    assert "You were a student of this camp, which has ended." in words(markup)


def test_camp_without_a_group_offers_none():
    enrollment = make_enrollment(make_running_camp())

    assert links(place(enrollment.camp, enrollment), enrollment.camp) == {"withdraw"}


@pytest.mark.parametrize(
    ("status", "sentence", "offered"),
    [
        (Status.APPLIED, "The staff decide on each application.", {"withdraw"}),
        (Status.WAITING, "You are number 1 on the list.", {"withdraw"}),
        (Status.DECLINED, "The staff declined your application: Too early.", {"register"}),
        (Status.WITHDRAWN, "You have left this camp.", {"register"}),
        (Status.REMOVED, "The staff ended your place in this camp: Too early.", set()),
    ],
)
def test_each_state_says_what_it_is_and_what_can_be_done(status, sentence, offered):
    enrollment = make_enrollment(status=status)
    enrollment.reason = "Too early."

    markup = place(enrollment.camp, enrollment)

    assert sentence in words(markup)
    assert links(markup, enrollment.camp) == offered


def test_reason_is_told_as_text():
    enrollment = make_enrollment(status=Status.REMOVED)
    enrollment.reason = "<script>alert(1)</script>"

    assert "<script>" not in place(enrollment.camp, enrollment)
