"""What happens to the topics of a project stage: staff publish, close, withdraw and open them again, readers save them.

The row of the project is locked first in every service that changes it, and its state is read again under the lock.
Whatever becomes of a project, the lists that teams gave stay as they are: an allocation passes over what is not open.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camp.accounts.models import User
from camp.notices import services as notices
from camp.projects.errors import ProjectError
from camp.projects.models import Placement, Preference, Project, SavedProject


@transaction.atomic
def publish_project(project, *, by, at=None):
    """Show a draft to the students, once topics are published."""
    project = locked(project)
    if not project.is_draft:
        raise ProjectError(_("This project is published already."))
    return _set(project, Project.Status.OPEN, by=by, at=at)


@transaction.atomic
def close_project(project, *, by, reason, at=None):
    """Take no further team. Every team that has the project on a list which still counts is told why."""
    project = locked(project)
    if not project.is_open:
        raise ProjectError(_("Only an open project can be closed."))
    project = _set(project, Project.Status.CLOSED, by=by, at=at, reason=required(reason))
    _tell_those_who_chose(project, "project_closed", at=at)
    return project


@transaction.atomic
def withdraw_project(project, *, by, reason, at=None):
    """Take the project out of the stage. Every team that has it on a list which still counts is told why."""
    project = locked(project)
    if not (project.is_open or project.is_closed):
        raise ProjectError(_("Only a project that is open or closed can be withdrawn."))
    if Placement.objects.filter(project=project).exists():
        raise ProjectError(_("Teams work on this project already. Close it, so that no further team comes."))
    project = _set(project, Project.Status.WITHDRAWN, by=by, at=at, reason=required(reason))
    _tell_those_who_chose(project, "project_withdrawn", at=at)
    return project


@transaction.atomic
def reopen_project(project, *, by, at=None):
    """Offer a closed or withdrawn project again. The teams that were told of its end are told of this too."""
    project = locked(project)
    if not (project.is_closed or project.is_withdrawn):
        raise ProjectError(_("Only a project that is closed or withdrawn can be opened again."))
    project = _set(project, Project.Status.OPEN, by=by, at=at)
    _tell_those_who_chose(project, "project_reopened", at=at)
    return project


def save_project(project, *, by, at=None):
    """Saving twice is saving once: the database keeps one row of each person."""
    defaults = {"saved_at": at or timezone.now()}
    return SavedProject.objects.get_or_create(project=project, user=by, defaults=defaults)[0]


def unsave_project(project, *, by):
    SavedProject.objects.filter(project=project, user=by).delete()


def locked(project):
    """The project as it is now, held until the end of the transaction."""
    projects = Project.objects.select_related("project_stage__camp__organization")
    return projects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)


def required(reason):
    reason = reason.strip()
    if not reason:
        raise ProjectError(_("Give a reason; the students read it."))
    return reason


def _set(project, status, *, by, at, reason=""):
    project.status, project.status_reason = status, reason
    project._history_user, project._history_date = by, at or timezone.now()
    project.save(update_fields=["status", "status_reason"])
    return project


def _tell_those_who_chose(project, kind, *, at):
    camp = project.project_stage.camp
    url = reverse("projects:preferences", args=camp.address)
    words = {"project": project, "reason": project.status_reason}
    notices.queue_all(f"projects/{kind}", to=_who_chose(project), camp=camp, url=url, at=at, **words)


def _who_chose(project):
    """The members of the teams that have the project on the list that counts in a round without a result."""
    chosen = Preference.objects.filter(project=project, round__published_at=None, team__disbanded_at=None)
    teams = chosen.values("team")
    return User.objects.filter(enrollments__team_members__team__in=teams).distinct().order_by("pk")
