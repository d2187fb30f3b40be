"""Who did what to a proposal, when and why: read from its history, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from camp.accounts.models import User
from camp.projects.models import Proposal

DONE = {
    Proposal.Status.SUBMITTED: _("changed it"),
    Proposal.Status.CHANGES_ASKED: _("asked for changes"),
    Proposal.Status.ACCEPTED: _("accepted it"),
    Proposal.Status.DECLINED: _("declined it"),
    Proposal.Status.WITHDRAWN: _("withdrew it"),
}


@dataclass(frozen=True)
class Entry:
    """`by`: None for what happened by itself, such as the withdrawal of what a disbanded team proposed."""

    by: User | None
    done: str
    at: datetime
    reason: str


def history_of(proposal):
    records = proposal.history.select_related("history_user").order_by("history_id")
    return [_entry(record, is_first=number == 0) for number, record in enumerate(records)]


def _entry(record, *, is_first):
    done = _("proposed it") if is_first else DONE[Proposal.Status(record.status)]
    return Entry(record.history_user, done, record.history_date, record.reason)
