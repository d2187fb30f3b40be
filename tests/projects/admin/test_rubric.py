"""What the staff may change on a rubric by which somebody has points, and what they may not any more."""

import pytest
from django.urls import reverse

from camp.projects.models import Criterion, ProjectStage
from tests.projects.working import Work

STAYS = "2 students have points by this criterion, so it stays, with its key."
FIXED = "Grades by this rubric are published, so this stays as it is. Name and description can be corrected."
NONE_ADDED = "Grades by this rubric are published, so no criterion is added: it would have no points."


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


def code():
    return Criterion.objects.get(name__startswith="Code")


def fields_of(row):
    return {name: getattr(row, name) for name in ("key", "name", "description", "weight", "max_points", "position")}


def change(client, **words):
    """The errors of the form after a change of the criterion `code`."""
    row = code()
    sent = {"project_stage": row.project_stage_id} | fields_of(row) | words
    page = client.post(address(Criterion, "change", row.pk), sent)
    return {} if page.status_code == 302 else page.context["adminform"].form.errors


def test_points_that_are_given_keep_key_and_maximum(staff, work):
    work.propose()

    assert change(staff, key="quality") == {"key": [STAYS]}
    assert change(staff, max_points=3) == {
        "max_points": ["A student has 4 points by this criterion. Write at least that many."]
    }
    assert change(staff, max_points=4, weight=2) == {}
    assert fields_of(code()) | {"max_points": 4, "weight": 2} == fields_of(code())


def test_a_published_grade_keeps_its_measure_and_words_are_corrected(staff, work):
    work.published()

    assert change(staff, weight=1, max_points=50) == {"weight": [FIXED], "max_points": [FIXED]}
    assert change(staff, name="Code that runs", description="Tests pass.") == {}
    assert (code().name, code().weight, code().max_points) == ("Code that runs", 3, 5)


def test_a_criterion_with_points_is_not_deleted(staff, work):
    work.propose()

    page = staff.post(address(Criterion, "delete", code().pk), {"post": "yes"})

    assert f"Code: {STAYS}" in page.text
    assert Criterion.objects.count() == 2


def test_a_criterion_without_points_is_deleted(staff, work):
    staff.post(address(Criterion, "delete", code().pk), {"post": "yes"})

    assert Criterion.objects.count() == 1


def test_no_criterion_comes_once_grades_are_published(staff, work):
    new = {"project_stage": work.stage.pk, "key": "talk", "name": "Talk", "weight": 1, "max_points": 5, "position": 3}
    work.published()

    page = staff.post(address(Criterion, "add"), new)

    assert page.context["adminform"].form.non_field_errors() == [NONE_ADDED]
    assert Criterion.objects.count() == 2


def on_the_page_of_the_stage(client, work, *rows):
    """The forms of the rubric on the page of the stage, after it was sent with these rows."""
    page = client.get(address(ProjectStage, "change", work.stage.pk))
    sent = {name: value for name, value in _stage_form(page).items() if value is not None}
    sent |= {"criteria-TOTAL_FORMS": len(rows), "criteria-INITIAL_FORMS": 2}
    for number, row in enumerate(rows):
        sent |= {f"criteria-{number}-{name}": value for name, value in row.items()}
    page = client.post(address(ProjectStage, "change", work.stage.pk), sent)
    return page.status_code, page.context and page.context["inline_admin_formsets"][1].formset


def _stage_form(page):
    """What the page sends as it is, but for the rows of the rubric."""
    form, mentors = page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset
    sent = {"camp": form.instance.camp_id, "stage": form.instance.stage_id, "team_size_limit": 3}
    for name in ("topics_published_at", "proposals_close_at", "teams_lock_at", "hand_in_closes_at"):
        day, clock = form.fields[name].widget.decompress(form[name].value())
        sent |= {f"{name}_0": day, f"{name}_1": clock}
    sent |= {"mentors-TOTAL_FORMS": len(mentors.forms), "mentors-INITIAL_FORMS": len(mentors.forms)}
    for number, one in enumerate(mentors.forms):
        row = one.instance
        sent |= {f"mentors-{number}-id": row.pk, f"mentors-{number}-user": row.user_id}
    return sent


def rubric(work):
    return [fields_of(row) | {"id": row.pk, "project_stage": work.stage.pk} for row in work.stage.criteria.all()]


def test_the_page_of_the_stage_refuses_the_same(staff, work):
    work.published()
    first, second = rubric(work)

    status, deleted = on_the_page_of_the_stage(staff, work, first | {"DELETE": "on"}, second)
    assert (status, deleted.non_form_errors()) == (200, [f"Code: {STAYS}"])
    status, weighed = on_the_page_of_the_stage(staff, work, first | {"weight": 9}, second)
    assert (status, weighed.errors[0]) == (200, {"weight": [FIXED]})
    new = {"key": "talk", "name": "Talk", "weight": 1, "max_points": 5, "position": 3, "project_stage": work.stage.pk}
    status, added = on_the_page_of_the_stage(staff, work, first, second, new)
    assert (status, added.errors[2]) == (200, {"__all__": [NONE_ADDED]})
    assert [row.key for row in work.stage.criteria.all()] == ["code", "report"]


def test_the_page_of_the_stage_corrects_words(staff, work):
    work.published()
    first, second = rubric(work)

    status, _formset = on_the_page_of_the_stage(staff, work, first | {"name": "Code that runs"}, second)

    assert (status, code().name) == (302, "Code that runs")
