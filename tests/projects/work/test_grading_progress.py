"""How far the grades of a team are, for those who evaluate, and what was handed in after they did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.projects.models import Evaluation, TeamMember
from camp.projects.work import grading, work_pages
from tests.projects.browsing import browser, text, url
from tests.projects.working import Work


@pytest.fixture
def work(db):
    return Work()


def state(work):
    """What the list of the mentor says of the team."""
    page = text(browser(work.mentor.user).get(url(work, "grading")))
    row = page[page.index("<tbody>") :]
    return row.rpartition("</span>")[0].rpartition(">")[2]


def decide(work, act):
    """Let the next grade be confirmed or published."""
    waiting = {grading.confirm: "to_confirm", grading.publish: "to_publish"}[act]
    row = getattr(Evaluation.objects, waiting)().first()
    act([row] if act is grading.publish else row, by=work.organizer)


def test_list_counts_the_members_whose_grades_are_there(work):
    said = [state(work)]

    work.propose(members=[work.lead.pk])
    said.append(state(work))
    work.propose()
    said.append(state(work))
    for act in (grading.confirm, grading.confirm, grading.publish, grading.publish):
        decide(work, act)
        said.append(state(work))

    assert said == [
        "to evaluate", "1 of 2 proposed", "proposed", "1 of 2 confirmed", "confirmed", "1 of 2 published", "published",
    ]  # fmt: skip


def test_who_left_after_the_hand_in_is_counted(work):
    work.hand_in(at=timezone.now())
    TeamMember.objects.get(enrollment=work.member).delete()
    work.propose(members=[work.lead.pk])

    assert state(work) == "1 of 2 proposed"


def test_who_left_before_the_hand_in_is_not_counted(work):
    TeamMember.objects.get(enrollment=work.member).delete()
    work.hand_in(at=work.now + timedelta(minutes=1))
    work.propose(members=[work.lead.pk])

    assert state(work) == "proposed"


def test_page_says_that_the_work_is_still_open(work):
    before = text(browser(work.mentor.user).get(url(work, "grade", work.placement.pk)))
    work.close()
    after = text(browser(work.mentor.user).get(url(work, "grade", work.placement.pk)))

    assert ["Work is still open" in page for page in (before, after)] == [True, False]


def test_what_is_handed_in_after_the_evaluation_is_marked(work):
    work.hand_in(at=work.now)
    work.propose(at=work.now + timedelta(minutes=1))
    work.hand_in(at=work.now + timedelta(minutes=2))

    shown = work_pages.handed_in(work.placement, evaluations=work.placement.evaluations.all())
    pages = [text(browser(work.mentor.user).get(url(work, *to))) for to in (("grade", work.placement.pk), ("grading",))]

    assert [(one.row.number, one.is_after) for one in shown] == [(2, True), (1, False)]
    assert [page.count("after the evaluation") for page in pages] == [1, 1]


def test_students_do_not_read_that_they_were_evaluated(work):
    work.propose(at=work.now)
    work.hand_in(at=work.now + timedelta(minutes=1))

    assert "after the evaluation" not in text(browser(work.lead.student).get(url(work, "work")))
