"""One's own page: what to do next over all camps, the nearest first, then each camp; those that are over are folded."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from camp.camps.models import Camp
from camp.camps.templatetags.camp_ui import points
from camp.projects.next_steps import project_step
from camp.rankings.queries import frozen_boards, own_standings
from camp.stages.queries import next_step, steps_of


@dataclass(frozen=True)
class Item:
    """A line of what to do next. `text` goes on with the `moment`, where there is one."""

    camp: Camp
    title: str
    text: str
    url: str
    moment: datetime | None = None


def card_of(enrollment, *, now):
    """One camp on the page: the steps, the first one not reached, the own standings, and what is to do."""
    card = {"enrollment": enrollment, "camp": enrollment.camp, "items": []}
    if enrollment.is_active:
        steps = steps_of(enrollment)
        card |= {
            "steps": steps,
            "next_step": next_step(steps),
            "project_step": project_step(enrollment, now=now),
            "standings": own_standings(enrollment),
            "frozen_boards": frozen_boards(enrollment.camp, now),
        }
        card["items"] = _items_of(card, now)
    return card | {"is_over": enrollment.camp.has_ended(now) and not card["items"]}


def _items_of(card, now):
    """What is to do in a camp. In one that has ended, only what has a deadline still, or was taken from the student."""
    camp, step = card["camp"], card["project_step"]
    found = [_of_project(camp, step), *_reminders(camp, step)] if step else []
    if card["next_step"]:
        found.append(_of_stage(camp, card["next_step"]))
    if camp.has_ended(now):
        warns = step is not None and step.is_warning
        return [one for one in found if _is_ahead(one, now) or (warns and one is found[0])]
    return found


def _of_project(camp, step):
    return Item(camp, step.title, step.text, step.url, step.moment)


def _reminders(camp, step):
    return [Item(camp, one.label, one.text, one.url, one.moment) for one in step.reminders]


def _of_stage(camp, step):
    title = _("To enter the stage “%(stage)s”") % {"stage": step.stage}
    return Item(camp, title, _missing(step), step.stage.get_absolute_url())


def _missing(step):
    if step.is_blocked:
        return _("The staff decide whether you enter it. Read why.")
    unmet = [group for group in step.rule.groups if not group.is_met]
    return "; ".join(map(_asked, unmet)) or _("Nothing is missing: the staff let you in.")


def _asked(group):
    lines = [_line(line) for line in group.lines if not line.is_met]
    return (_(" or ") if group.asks_for_one else _(", ")).join(lines) or group.label


def _line(line):
    if line.is_item or not line.is_announced:
        return line.label
    return f"{line.label} {points(line.shown_done)}/{points(line.needed)}"


def meetings_on_list(agenda):
    """The meetings that run or are next."""
    return [_meeting(slot) for slot in agenda.first]


def _meeting(slot):
    meeting = slot.meeting
    text = _("You can join now. It ends") if slot.is_open else _("The next meeting begins")
    moment = meeting.ends_at if slot.is_open else meeting.starts_at
    return Item(meeting.camp, meeting.title, text, meeting.get_absolute_url(), moment)


def nearest_first(items, now):
    """Those that have a time ahead in its order, then the others as they came."""
    return sorted(items, key=lambda one: _turn(one, now))


def _is_ahead(item, now):
    return item.moment is not None and now < item.moment


def in_turn(cards, now):
    """The camps by what is to do in them next; those without a time as they came."""
    last = (True, now)
    return sorted(cards, key=lambda card: min((_turn(one, now) for one in card["items"]), default=last))


def _turn(item, now):
    return (False, item.moment) if _is_ahead(item, now) else (True, now)
