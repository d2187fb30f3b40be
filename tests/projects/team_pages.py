"""What the tests of the pages of teams share."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests.factories import make_student
from tests.project_factories import make_project_student
from tests.project_factories import make_team as make_team_at


def make_student_of(stage, name=None):
    fields = {"display_name": name} if name else {}
    return make_project_student(stage, student=make_student(**fields), at=timezone.now())


def make_team(stage, *, lead=None, **fields):
    return make_team_at(stage, lead=lead or make_student_of(stage), at=timezone.now(), **fields)


def address(stage, name="team", *args):
    return reverse(f"projects:{name}", args=[*stage.camp.address, *args])


def lock(stage):
    type(stage).objects.filter(pk=stage.pk).update(teams_lock_at=timezone.now() - timedelta(hours=1))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def refused(response, status, sentence):
    """The page with the form again, and the refusal on it."""
    assert (response.status_code, response.context["form"].non_field_errors()) == (status, [sentence])
    return response.context["form"]
