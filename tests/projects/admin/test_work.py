"""The staff's side of hand-ins, grades, reviews and certificates."""

import pytest
from django.urls import reverse

from camp.admin_needs import KINDS
from camp.projects import certificates
from camp.projects.models import Certificate, Evaluation, HandIn, ReviewRequest
from camp.projects.work import grading, reviews
from tests.factories import make_camp, make_staff_role
from tests.projects.working import LINK, Work


@pytest.fixture
def work(db):
    return Work()


@pytest.fixture
def staff(client, work):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(work.organizer)
    return client


def address(model, view, *args):
    return reverse(f"admin:projects_{model._meta.model_name}_{view}", args=args)


def act(client, rows, action, **answers):
    data = {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": "yes"} | answers
    return client.post(address(type(rows[0]), "changelist"), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def grades():
    return list(Evaluation.objects.order_by("enrollment_id").values_list("grade", flat=True))


def test_grades_are_confirmed_in_bulk(staff, work):
    rows = work.propose()

    response = act(staff, rows, "confirm", grade="", reason="")

    assert said(response) == ["Done for 2."]
    assert grades() == ["pass", "pass"]
    assert {row.confirmed_by for row in Evaluation.objects.all()} == {work.organizer}


def test_confirmed_grades_are_published_and_the_others_said(staff, work):
    confirmed, proposed = work.confirmed(), Evaluation.objects.get(enrollment=work.member)

    response = act(staff, [confirmed, proposed], "publish")

    assert said(response) == ["Done for 1.", f"{proposed}: An organizer confirms a grade before it is published."]
    assert list(Evaluation.objects.published()) == [confirmed]


def test_a_grade_is_changed_and_its_certificate_waits_for_the_staff(staff, work):
    certificate = work.certificate()

    act(staff, [certificate.evaluation], "change_grade", grade="excellent", reason="The merge came.")

    assert Evaluation.objects.get(enrollment=work.lead).grade == "excellent"
    assert list(Certificate.objects.outdated()) == [certificate]
    act(staff, [certificate], "revoke", reason="Another grade.")
    act(staff, [certificate.evaluation], "issue")
    assert list(Certificate.objects.valid().values_list("kind", flat=True)) == ["excellence"]
    assert Certificate.objects.outdated().count() == 0


def ask(client, rows, action):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address(type(rows[0]), "changelist"), data, follow=True)


def test_changing_a_grade_starts_from_the_present_one_and_shows_it(staff, work):
    certificate = work.certificate()

    page = ask(staff, [certificate.evaluation], "change_grade")

    assert page.context["form"]["grade"].value() == "pass"
    assert f"pass · valid certificate {certificate.code} of the grade “pass”" in page.text


def test_changing_different_grades_chooses_none(staff, work):
    rows = [work.published("excellent"), Evaluation.objects.get(enrollment=work.member)]

    page = ask(staff, rows, "change_grade")

    assert page.context["form"]["grade"].value() == ""
    assert sorted(text for _label, text in page.context["form"].facts) == [
        "excellent · no valid certificate", "not confirmed yet · no valid certificate"]  # fmt: skip


def test_answering_shows_what_was_asked_and_given(staff, work):
    request = reviews.ask_review(work.published(), by=work.lead.student, text="Please <look>.")

    page = ask(staff, [request], "answer")

    assert [str(text) for _label, text in page.context["form"].facts] == [
        "Please <look>.", "pass · no valid certificate", "Code: 4 of 5\nReport: 5 of 10", "Well done."]  # fmt: skip
    assert "Please &lt;look&gt;." in page.text


def test_requests_are_answered_one_at_a_time(staff, work):
    one = reviews.ask_review(work.published(), by=work.lead.student, text="Please.")
    other = grading.confirm(Evaluation.objects.get(enrollment=work.member), by=work.organizer)
    grading.publish([other], by=work.organizer)
    two = reviews.ask_review(other, by=work.member.student, text="Please.")

    response = act(staff, [one, two], "answer", answer="No.", grade="")

    assert said(response) == ["Answer one request at a time."]
    assert ReviewRequest.objects.filter(answered_at=None).count() == 2


def test_an_evaluation_shows_points_and_certificate_in_words(staff, work):
    certificate = work.certificate()

    page = staff.get(address(Evaluation, "change", certificate.evaluation_id)).text

    assert "<div>Code: 4 of 5</div><div>Report: 5 of 10</div>" in page
    assert f"valid certificate {certificate.code}" in page


def test_a_request_is_answered(staff, work):
    request = reviews.ask_review(work.published(), by=work.lead.student, text="Please.")

    act(staff, [request], "answer", answer="We looked.", grade="")

    request.refresh_from_db()
    assert (request.answer, request.answered_by) == ("We looked.", work.organizer)


@pytest.mark.parametrize("action", ["confirm", "publish", "change_grade", "issue"])
def test_rows_of_another_camp_are_nobody_elses(client, work, action):
    client.force_login(make_staff_role(make_camp("other")).user)
    rows = work.propose()

    act(client, rows, action, grade="pass", reason="x")

    assert grades() == ["", ""]


def test_unpublished_grades_are_not_for_teachers(client, work):
    client.force_login(make_staff_role(work.camp, role="teacher").user)

    assert client.get(address(Evaluation, "changelist")).status_code == 403


@pytest.mark.parametrize("model", [HandIn, Evaluation, ReviewRequest, Certificate])
def test_nobody_edits_a_row_by_hand(staff, work, model):
    hand_in, certificate = work.hand_in(), work.certificate()
    reviews.ask_review(certificate.evaluation, by=work.lead.student, text="Please.")
    row = model.objects.first()

    page = staff.get(address(model, "change", row.pk))

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert staff.post(address(model, "change", row.pk), {"grade": "fail"}).status_code == 403
    assert staff.get(address(model, "add")).status_code == 403
    assert HandIn.objects.get() == hand_in


def test_links_of_a_hand_in_are_read_in_the_admin(staff, work):
    row = work.hand_in()

    assert LINK in staff.get(address(HandIn, "change", row.pk)).content.decode()


@pytest.mark.parametrize(
    ("model", "states"),
    [
        (Evaluation, {"to_confirm": 1, "to_publish": 0, "published": 1, "to_certify": 0, "x": 2}),
        (ReviewRequest, {"open": 1, "answered": 0}),
        (Certificate, {"valid": 1, "outdated": 0, "revoked": 0}),
    ],
)
def test_lists_are_narrowed_to_what_waits(staff, work, model, states):
    certificate = work.certificate()
    reviews.ask_review(certificate.evaluation, by=work.lead.student, text="Please.")

    found = {
        state: staff.get(address(model, "changelist"), {"state": state}).context["cl"].result_count for state in states
    }

    assert found == states


def test_what_waits_stands_on_the_first_page(staff, work):
    certificate = work.certificate()
    reviews.ask_review(certificate.evaluation, by=work.lead.student, text="Please.")
    grading.change(certificate.evaluation, by=work.organizer, grade="fail", reason="x")

    waiting = {str(kind.title): kind.narrow(kind.model.objects.all()).count() for kind in KINDS}

    titles = ("Grades to confirm", "Requests for a review", "Certificates of a former grade")
    assert [waiting[title] for title in titles] == [1, 1, 1]
    certificates.revoke(certificate, by=work.organizer, reason="x")
    assert Certificate.objects.outdated().count() == 0
