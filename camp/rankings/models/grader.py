"""Who is believed when a score is proven: workflows, the commits of them that were reviewed, and repositories."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from camp.enrollment.models import Enrollment
from camp.stages.models import Course

OWNER_AND_NAME = r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+"
REF = r"refs/(heads|tags)/[^@\s]+"

is_workflow = RegexValidator(
    rf"\A{OWNER_AND_NAME}/\.github/workflows/[A-Za-z0-9._-]+\.ya?ml@({REF}|[0-9a-f]{{40}})\Z",
    _("Write it as GitHub does: owner/repository/.github/workflows/file.yml@refs/heads/main"),
)
is_branch = RegexValidator(r"\Arefs/heads/[^@\s]+\Z", _("Write the branch as GitHub does: refs/heads/main"))
is_commit = RegexValidator(r"\A[0-9a-f]{40}\Z", _("A commit is its full 40 hexadecimal digits, in small letters."))
is_number = RegexValidator(r"\A[1-9][0-9]{0,19}\Z", _("The numeric id of the repository, as GitHub's API shows it."))


class TrustedGraderQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def running(self, job_workflow_ref):
        """Those whose workflow is exactly this `job_workflow_ref`, the active ones, with their courses."""
        return self.active().filter(workflow=job_workflow_ref).select_related("course__camp").order_by("id")


class TrustedGrader(models.Model):
    """A reusable workflow whose runs prove scores of one course. Of several valid at once, a run names its own."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="graders", verbose_name=_("course"))
    workflow = models.CharField(
        _("workflow"),
        max_length=400,
        validators=[is_workflow],
        help_text=_("As in `job_workflow_ref`: owner/repository/.github/workflows/file.yml@refs/heads/main"),
    )
    ref = models.CharField(
        _("default branch"),
        max_length=200,
        default="refs/heads/main",
        validators=[is_branch],
        help_text=_("The branch of the learners' repositories whose runs count."),
    )
    is_active = models.BooleanField(_("is active"), default=True)

    objects = TrustedGraderQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("trusted grader")
        verbose_name_plural = _("trusted graders")
        ordering = ["course", "workflow", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "workflow"],
                name="workflow_once_per_course",
                violation_error_message=_("This course trusts this workflow already."),
            )
        ]

    def __str__(self):
        return self.workflow

    def trusts(self, commit, *, at):
        """Whether this commit of the workflow was reviewed and is valid at the moment."""
        return self.reviewed_commits.valid_at(at).filter(commit=commit).exists()


class ReviewedCommitQuerySet(models.QuerySet):
    def valid_at(self, now):
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now)


class ReviewedCommit(models.Model):
    """One commit of a grader's workflow that staff have read, and the time in which its runs are believed."""

    grader = models.ForeignKey(
        TrustedGrader, on_delete=models.CASCADE, related_name="reviewed_commits", verbose_name=_("trusted grader")
    )
    commit = models.CharField(_("commit"), max_length=40, validators=[is_commit])
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    objects = ReviewedCommitQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reviewed commit")
        verbose_name_plural = _("reviewed commits")
        ordering = ["grader", "-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["grader", "commit"],
                name="commit_reviewed_once",
                violation_error_message=_("This commit is reviewed already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="reviewed_commit_ends_after_it_begins",
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self):
        return self.commit[:12]


class RegisteredRepository(models.Model):
    """A repository of somebody else's (an organization, a team) in which a student's runs count all the same."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="repositories", verbose_name=_("course"))
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="repositories", verbose_name=_("enrollment")
    )
    repository_id = models.CharField(
        _("repository id"),
        max_length=20,
        validators=[is_number],
        help_text=_("The number that GitHub gave the repository. Of a team, register it for each member."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("registered repository")
        verbose_name_plural = _("registered repositories")
        ordering = ["course", "repository_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "enrollment", "repository_id"],
                name="repository_registered_once_per_student",
                violation_error_message=_("This repository is registered for this student already."),
            )
        ]

    def __str__(self):
        return self.repository_id
