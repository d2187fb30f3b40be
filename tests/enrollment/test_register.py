"""The application form as a student meets it: in every state, and with whatever people type into it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.accounts.models import User
from camp.camps.models import Camp
from camp.enrollment import services, views
from camp.enrollment.forms import ApplicationForm
from camp.enrollment.models import ApplicationQuestion, Enrollment, Invitation
from tests.factories import make_camp, make_enrollment, make_running_camp, make_staff_role, make_student, make_user

pytestmark = pytest.mark.django_db
Status = Enrollment.Status

PROFILE = {
    "display_name": "Lin Wei",
    "occupation": "studying",
    "affiliation": "Harbour University",
    "major": "Computing",
    "city": "Harbour",
}


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def address(camp, code=""):
    query = f"?code={code}" if code else ""
    return reverse("enrollment:register", args=camp.address) + query


def page(camp, user, code=""):
    return browser(user).get(address(camp, code))


def send(camp, user, **fields):
    return browser(user).post(address(camp), PROFILE | fields)


def text(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def camp():
    return make_running_camp("summer", name="Summer camp")


@pytest.fixture
def reader():
    return make_user()


def ask(camp, key="why", **fields):
    return ApplicationQuestion.objects.create(camp=camp, key=key, **{"label": "Why this camp?"} | fields)


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


# Invitations.


def test_code_in_the_address_names_the_inviter(camp, reader):
    inviter = make_student(display_name="Mei Ling")
    Invitation.objects.create(camp=camp, inviter=inviter, code="abcd")

    response = page(camp, reader, "ABCD")

    assert response.context["form"]["code"].value() == "ABCD"
    assert "You were invited by Mei Ling." in text(response)


def test_code_is_remembered_with_the_application(camp, reader):
    invitation = Invitation.objects.create(camp=camp, inviter=make_student(), code="abcd")

    send(camp, reader, code=" ABCD ")

    assert Enrollment.objects.get().invitation == invitation


@pytest.mark.parametrize("code", ["nobody", "%00", "%E2%80%AE", "x" * 500, "<script>"])
def test_unknown_code_in_the_address_is_told_and_the_form_stays(code, camp, reader):
    response = page(camp, reader, code)

    assert response.status_code == 200
    assert "<script>" not in text(response).split("<main")[1]


def test_unknown_code_is_told_before_sending(camp, reader):
    assert "The invitation code of this address is not known here." in text(page(camp, reader, "nobody"))


def test_unknown_code_is_refused_and_everything_typed_stays(camp, reader):
    response = send(camp, reader, code="nobody", heard_from="A friend")

    form = response.context["form"]
    assert response.status_code == 400
    assert form.errors == {"code": ["Nobody in this camp has this code. Check it, or leave it empty to apply without."]}
    assert (form["code"].value(), form["heard_from"].value(), form["city"].value()) == (
        "nobody",
        "A friend",
        "Harbour",
    )
    assert Enrollment.objects.count() == 0


def test_own_code_is_refused(camp):
    earlier = make_enrollment(camp, status=Status.WITHDRAWN)
    Invitation.objects.create(camp=camp, inviter=earlier.student, code="abcd")

    response = send(camp, earlier.student, code="abcd")

    assert response.context["form"].errors == {
        "code": ["This is your own code. Leave it empty, and give it to others."]
    }


# What people type.


def test_empty_form_says_what_is_missing(camp, reader):
    ask(camp, is_required=True)
    ask(camp, "more")

    response = browser(reader).post(address(camp), {})

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {
        "display_name",
        "occupation",
        "affiliation",
        "city",
        "answer-why",
    }
    assert Enrollment.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "length"),
    [("display_name", 61), ("affiliation", 121), ("major", 121), ("city", 61), ("heard_from", 201), ("code", 21)],
)
def test_too_long_is_refused(field, length, camp, reader):
    response = send(camp, reader, **{field: "x" * length})

    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert response.context["form"][field].value() == "x" * length


@pytest.mark.parametrize(("kind", "length"), [("text", 301), ("long_text", 4001)])
def test_too_long_answer_is_refused(kind, length, camp, reader):
    ask(camp, kind=kind)

    response = send(camp, reader, **{"answer-why": "x" * length})

    assert list(response.context["form"].errors) == ["answer-why"]


@pytest.mark.parametrize("kind", ["choice", "choices"])
@pytest.mark.parametrize("is_required", [True, False])
def test_answer_that_is_no_option_is_refused(kind, is_required, camp, reader):
    ask(camp, kind=kind, options=["C++", "Rust"], is_required=is_required)

    response = send(camp, reader, **{"answer-why": "<b>Go</b>"})

    assert list(response.context["form"].errors) == ["answer-why"]
    assert "<b>Go</b>" not in text(response)


def test_choices_are_stored_as_chosen(camp, reader):
    ask(camp, "one", kind="choice", options=["C++", "Rust"], is_required=True)
    ask(camp, "many", kind="choices", options=["Morning", "Evening", "Night"])
    ask(camp, "none", kind="choice", options=["Yes", "No"])

    send(camp, reader, **{"answer-one": "Rust", "answer-many": ["Morning", "Night"]})

    assert Enrollment.objects.get().answers == {"one": "Rust", "many": ["Morning", "Night"], "none": ""}


def test_what_cannot_be_seen_is_taken_out(camp, reader):
    ask(camp, kind="long_text")

    send(
        camp,
        reader,
        display_name="Lin\u202e \x00Wei\u200b\x07",
        city="Har\r\nbour",
        **{"answer-why": "One\u202eline\r\n\x1b[31mAnother\x00\n\n"},
    )

    assert User.objects.get(pk=reader.pk).display_name == "Lin Wei"
    assert User.objects.get(pk=reader.pk).city == "Har bour"
    assert Enrollment.objects.get().answers == {"why": "Oneline\n[31mAnother"}


def test_text_of_invisible_characters_only_is_empty(camp, reader):
    response = send(camp, reader, display_name="\u200b\u202e\x00")

    assert list(response.context["form"].errors) == ["display_name"]


def test_text_is_measured_as_it_is_stored(camp, reader):
    """One such sign stands for eighteen letters."""
    response = send(camp, reader, city="\ufdfa" * 10)

    assert list(response.context["form"].errors) == ["city"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "=HYPERLINK(1)", "{{ camp }}", "' OR 1=1 --"])
def test_script_and_formula_stay_plain_text(hostile, camp, reader):
    ask(camp)
    send(camp, reader, city=hostile, **{"answer-why": hostile})
    Enrollment.objects.update(status=Status.WITHDRAWN)

    response = page(camp, User.objects.get(pk=reader.pk))

    assert Enrollment.objects.get().answers == {"why": hostile}
    assert response.context["form"]["answer-why"].value() == hostile
    assert "<script>alert" not in text(response)


def test_refused_form_does_not_rename_the_reader_on_the_page(camp):
    reader = make_student(display_name="Lin Wei")

    response = send(camp, reader, display_name="Somebody", city="")

    assert str(response.context["user"]) == "Lin Wei"


def test_form_changes_nothing_but_the_profile(camp, reader):
    send(camp, reader, is_superuser="on", handle="root", email="root@example.org", status="active")

    stored = User.objects.get(pk=reader.pk)
    assert (stored.is_superuser, stored.handle, stored.email) == (False, reader.handle, reader.email)
