"""Allocation runs in the admin: what their tests share."""

from datetime import UTC, datetime

from django.urls import reverse

from camp.projects.allocation import runs
from tests.factories import make_user

NOW = datetime.now(UTC)
VERBS = ["move", "exchange", "take_back", "again", "publish", "lock", "verify"]


def make_run(round, **fields):
    return runs.compute(round, by=make_user(), **fields)


def url_of(run, verb="change"):
    return reverse(f"admin:projects_allocationrun_{verb}", args=[run.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]
