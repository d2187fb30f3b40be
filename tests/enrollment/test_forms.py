"""What people type into the application form, and the codes of those who invited them."""

import pytest

from camp.accounts.models import User
from camp.enrollment.models import Enrollment, Invitation
from tests.enrollment.applicants import address, ask, browser, page, send, text
from tests.factories import make_enrollment, make_running_camp, make_student, make_user

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


@pytest.fixture
def camp():
    return make_running_camp("summer", name="Summer camp")


@pytest.fixture
def reader():
    return make_user()


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


def test_names_have_one_width_and_answers_stay_as_typed(camp, reader):
    ask(camp, kind="long_text")
    answer = "为什么？（x²）\r\n    ① ＡＢ"

    send(camp, reader, display_name="Ｌｉｎ　Ｗｅｉ", affiliation="北京大学（深圳）", **{"answer-why": answer})

    person = User.objects.get(pk=reader.pk)
    assert (person.display_name, person.affiliation) == ("Lin Wei", "北京大学（深圳）")
    assert Enrollment.objects.get().answers == {"why": "为什么？（x²）\n    ① ＡＢ"}


def test_text_of_invisible_characters_only_is_empty(camp, reader):
    response = send(camp, reader, display_name="\u200b\u202e\x00")

    assert list(response.context["form"].errors) == ["display_name"]


def test_text_is_measured_as_it_is_stored(camp, reader):
    """One such sign stands for eighteen letters."""
    response = send(camp, reader, display_name="\ufdfa" * 10)

    assert list(response.context["form"].errors) == ["display_name"]


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
