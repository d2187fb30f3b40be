"""What a team submitted, version by version. The latest one counts; all of them are the team's to read."""

from django.urls import reverse

from camp.projects.models import PreferenceList, Project


def lists_of(round, team):
    """The versions of a team's list, the latest first; none without a team."""
    lists = PreferenceList.objects.filter(round=round, team=team) if team else PreferenceList.objects.none()
    return lists.select_related("submitted_by").order_by("-version")


def choices_now(receipt):
    """The choices as they were submitted, each with its project as it is `now`, while no result is published."""
    if receipt.round.is_published:
        return receipt.choices
    projects = Project.objects.in_bulk([choice["project"] for choice in receipt.choices])
    return [choice | {"now": projects.get(choice["project"])} for choice in receipt.choices]


def latest_list(round, team):
    return lists_of(round, team).first()


def receipt_url(receipt):
    address = receipt.round.project_stage.camp.address
    return reverse("projects:receipt", args=[*address, receipt.round.number, receipt.version])
