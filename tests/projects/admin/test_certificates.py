"""Certificates in the admin: who still needs one, issuing them in bulk, and replacing one of the past."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from camp.projects.models import Certificate, Evaluation
from camp.projects.work import grading
from tests.projects.working import Work


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
    return ask(client, rows, action, confirmed="yes", **answers)


def ask(client, rows, action, **answers):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | answers
    return client.post(address(type(rows[0]), "changelist"), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def publish(work, enrollment, grade="pass"):
    row = Evaluation.objects.get(enrollment=enrollment)
    reason = "" if grade == row.proposed_grade else "Decided."
    return grading.publish([grading.confirm(row, by=work.organizer, grade=grade, reason=reason)], by=work.organizer)[0]


def test_certificates_are_issued_in_bulk_and_the_refused_said(staff, work):
    published, proposed = work.published(), Evaluation.objects.get(enrollment=work.member)

    response = act(staff, [published, proposed], "issue")

    assert said(response) == ["Done for 1.", f"{proposed}: The grade is not published yet. Publish it first."]
    assert Certificate.objects.get().evaluation == published


def test_who_holds_a_certificate_is_counted_and_left_out(staff, work):
    published, proposed = work.certificate().evaluation, Evaluation.objects.get(enrollment=work.member)
    left_out = "1 student holds a valid certificate already and is left out. Revoke it before you issue another."

    alone, both = ask(staff, [published], "issue"), ask(staff, [published, proposed], "issue")

    assert said(alone) == [left_out]
    assert said(both) == [left_out]
    assert both.context["rows"] == [proposed]


def test_who_did_not_pass_is_counted_in_one_line_and_left_out(staff, work):
    passed, failed = work.published(), publish(work, work.member, "fail")

    page = ask(staff, [passed, failed], "issue")

    assert said(page) == ["1 student did not pass and is left out: there is no certificate for this grade."]
    assert page.context["rows"] == [passed]


def listed(client, **narrowed):
    return list(client.get(address(Evaluation, "changelist"), narrowed).context["cl"].result_list)


def test_the_list_narrows_to_who_still_needs_a_certificate(staff, work):
    passed = work.published()
    publish(work, work.member, "fail")
    assert listed(staff, state="to_certify") == [passed]

    act(staff, [passed], "issue")

    assert listed(staff, state="to_certify") == []


def test_who_holds_none_any_more_needs_one_again(staff, work):
    certificate = work.certificate()

    act(staff, [certificate], "revoke", reason="Wrong name.")

    assert listed(staff, state="to_certify") == [certificate.evaluation]


def test_the_list_shows_the_certificate_that_is_held(staff, work):
    certificate = work.certificate()
    page = staff.get(address(Evaluation, "changelist")).text
    assert '<td class="field-held">pass</td>' in page
    assert '<td class="field-held">–</td>' in page

    grading.change(certificate.evaluation, by=work.organizer, grade="excellent", reason="x")

    assert '<td class="field-held">pass (former grade)</td>' in staff.get(address(Evaluation, "changelist")).text


def test_the_list_costs_the_same_with_more_certificates(staff, work):
    certificate = work.certificate()
    other = publish(work, work.member)
    staff.get(address(Evaluation, "changelist"))
    with CaptureQueriesContext(connection) as one:
        staff.get(address(Evaluation, "changelist"))
    act(staff, [other], "issue")

    with CaptureQueriesContext(connection) as two:
        staff.get(address(Evaluation, "changelist"))

    assert (len(two), certificate.is_revoked) == (len(one), False)


@pytest.mark.parametrize("by_evaluation", [True, False])
def test_a_certificate_of_the_past_is_replaced_in_one_act(staff, work, by_evaluation):
    former = work.certificate()
    grading.change(former.evaluation, by=work.organizer, grade="excellent", reason="The merge came.")

    response = act(staff, [former.evaluation if by_evaluation else former], "replace", reason="Another grade.")

    assert said(response) == ["Done for 1."]
    former.refresh_from_db()
    assert (former.revoked_reason, former.revoked_by) == ("Another grade.", work.organizer)
    assert Certificate.objects.valid().get().kind == "excellence"
