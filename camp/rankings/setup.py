"""What a student writes into a workflow file so that the scores of a course are proven."""

from dataclasses import dataclass

from django.conf import settings

from camp.rankings.models import ReviewedCommit, TrustedGrader


@dataclass(frozen=True)
class Grader:
    """A trusted grader in the words of a workflow file that calls it."""

    uses: str
    branch: str
    site: str


def grader_shown(course, *, at):
    """The grader to set up: of those whose runs are believed now, the one reviewed last. None when there is none."""
    commit = (
        ReviewedCommit.objects.valid_at(at)
        .filter(grader__in=TrustedGrader.objects.active().filter(course=course))
        .select_related("grader")
        .order_by("-valid_from", "-id")
        .first()
    )
    return _written(commit.grader) if commit else None


def _written(grader):
    workflow, _at, ref = grader.workflow.partition("@")
    return Grader(uses=f"{workflow}@{_short(ref)}", branch=_short(grader.ref), site=settings.SITE_URL)


def _short(ref):
    """A branch or tag as `uses` and `branches` name it; a commit stays."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
