"""What an upload is answered, as its sender gets it, and what the sender does about it. Pure."""

import json

from django.utils.translation import gettext_lazy as _

from camp.rankings.models import Attempt

Reason = Attempt.Reason
ADVICE = {
    Reason.MALFORMED: _("The answer names what is wrong. Compare your step with the one on the course page."),
    Reason.TOO_LARGE: _("Send only the fields of a score; logs do not belong into it."),
    Reason.TOKEN_MISSING: _("Store the token as the repository's secret CAMP_TOKEN. Forks do not take secrets along."),
    Reason.TOKEN_WRONG: _("Copy the whole token, from camp_ to its end, without quotes or spaces."),
    Reason.TOKEN_EXPIRED: _("Replace the repository's secret CAMP_TOKEN by the new token, then run CI again."),
    Reason.TOKEN_OF_ANOTHER_COURSE: _("Each course has a token of its own. Take the courseId from the course page."),
    Reason.UNKNOWN_COURSE: _("The courseId stands on the course page, under “Set up CI for this course”."),
    Reason.ABOVE_MAXIMUM: _("Send the number of points alone, up to the full marks that stand on the course page."),
    Reason.OUTSIDE_WINDOW: _("Nothing to repair: the times stand on the course page. Ask the staff about late work."),
    Reason.TOO_MANY: _("Run CI once more a minute later. What follows in the same minute is not listed here."),
    Reason.UNPROVEN: _("Take the workflow file from the course page, unchanged, and run it again."),
    Reason.GRADER_UNKNOWN: _("Take the workflow file from the course page, unchanged."),
    Reason.BRANCH_WRONG: _("Push to the branch that the answer names."),
    Reason.COMMIT_UNREVIEWED: _(
        "Take the workflow file from the course page again; if it is the same, tell the staff."
    ),
    Reason.COURSE_MISMATCH: _("Take the workflow file from the page of this very course."),
    Reason.ACTOR_UNLINKED: _("Sign in with that account on your page of linked logins, then run CI again."),
    Reason.NOT_ENROLLED: _("Apply for the camp, or start the run from the account that you linked."),
    Reason.REPOSITORY_FOREIGN: _(
        "Copy the course's repository to your own account, or ask the staff to register yours."
    ),
    Reason.RESULTS_WRONG: _("The answer names the exercise. Take the current tests from the course's repository."),
    Reason.RUN_REPEATED: _("Start a new run instead of running the old one again."),
}
# Whoever reads one of these, or advice on it, is sent to the staff.
ASKS_STAFF = {
    Reason.TOKEN_WRONG,
    Reason.TOKEN_EXPIRED,
    Reason.OUTSIDE_WINDOW,
    Reason.COMMIT_UNREVIEWED,
    Reason.REPOSITORY_FOREIGN,
}


def body(result, message, **more):
    """The body of the older API: these two keys in this order, compact, for clients compare the bytes."""
    document = {"result": result, "msg": message, **more}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def body_to(attempt):
    """The body that an upload was answered with. Of the oldest refused ones only the sentence is known."""
    if attempt.answer:
        return json.dumps(attempt.answer, sort_keys=True)
    if attempt.is_accepted:
        return body(1, "")
    return body(attempt.status, attempt.detail) if attempt.status else attempt.detail


def advice_on(attempt):
    """What to do about a refused upload; nothing about an accepted one."""
    return ADVICE.get(attempt.reason, "")
