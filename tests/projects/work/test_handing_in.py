from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from camp.camps import times
from camp.classrooms.files import clean_file
from camp.enrollment import services as enrollment_services
from camp.projects.errors import ProjectError
from camp.projects.models import HandIn, Placement
from camp.projects.work import handing_in
from camp.projects.work.handing_in import HandInClosedError
from tests.concurrency import at_once, row_held, waits
from tests.project_factories import make_placement, make_round, make_team
from tests.projects.working import LINK, Work


@pytest.fixture
def work(db):
    return Work()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_hand_in_keeps_what_was_given(work):
    kept = work.hand_in(commit="0123abc", pull_request_url=f"{LINK}/pull/1", note="Read this first.")

    row = HandIn.objects.get()
    assert row == kept
    assert (row.number, row.repository_url, row.pull_request_url) == (1, LINK, f"{LINK}/pull/1")
    assert (row.commit, row.note, row.handed_in_by, row.handed_in_at) == (
        "0123abc", "Read this first.", work.lead.student, work.now,
    )  # fmt: skip


def test_hand_in_keeps_a_report_under_a_name_of_ours(work, media):
    report = clean_file(SimpleUploadedFile("../../Our report.pdf", b"%PDF-1.7 x"))

    kept = work.hand_in(repository_url="", report=report)

    assert kept.report_name == "Our report.pdf"
    assert [path.name for path in (media / "reports").iterdir()] == [kept.report.name.removeprefix("reports/")]
    assert kept.report.name.endswith(".pdf")
    assert "report" not in kept.report.name.removeprefix("reports/")


def test_hand_ins_are_all_kept_and_numbered(work):
    work.hand_in()
    work.hand_in(by=work.member.student, repository_url=f"{LINK}2")

    assert list(HandIn.objects.order_by("number").values_list("number", "repository_url")) == [
        (1, LINK),
        (2, f"{LINK}2"),
    ]


def test_last_hand_in_before_the_deadline_counts(work):
    closes_at = work.now
    early, last, late = (
        HandIn(number=n, handed_in_at=closes_at + timedelta(seconds=seconds))
        for n, seconds in enumerate((-60, -1, 0), start=1)
    )

    assert handing_in.counted([late, last, early], closes_at) is last
    assert handing_in.counted([late], closes_at) is None


def test_hand_in_after_the_deadline_is_refused_with_when_it_closed(work):
    work.close()

    with pytest.raises(HandInClosedError) as refusal:
        work.hand_in()

    moment = times.moment_text(work.stage.hand_in_closes_at)
    assert str(refusal.value) == (
        f"Hand-in closed at {moment}. What your team handed in before counts; write to your mentor or an organizer."
    )
    assert HandIn.objects.count() == 0


def test_hand_in_on_the_second_of_the_deadline_is_refused(work):
    with pytest.raises(HandInClosedError):
        work.hand_in(at=work.stage.hand_in_closes_at)

    work.hand_in(at=work.stage.hand_in_closes_at - timedelta(seconds=1))


def test_hand_in_of_a_stale_placement_sees_the_deadline_of_now(work):
    stale = work.placement
    work.close()

    with pytest.raises(HandInClosedError):
        handing_in.hand_in(stale, by=work.lead.student, repository_url=LINK, at=work.now)


def test_hand_in_of_nothing_is_refused(work):
    with pytest.raises(ProjectError, match="Hand in a link or a report"):
        work.hand_in(repository_url="", commit="0123abc")


def test_hand_in_by_somebody_else_is_refused(work):
    with pytest.raises(ProjectError, match="Only members of the team"):
        work.hand_in(by=work.mentor.user)


def test_hand_in_by_who_left_the_camp_is_refused(work):
    enrollment_services.withdraw(work.member, by=work.member.student, at=work.now)

    with pytest.raises(ProjectError, match="Only members of the team"):
        work.hand_in(by=work.member.student)


def test_hand_in_without_a_project_is_refused(work):
    team = make_team(work.stage, at=work.now)
    placement = make_placement(make_round(work.stage, at=work.now, number=2), team)

    with pytest.raises(ProjectError, match="has no project"):
        handing_in.hand_in(placement, by=team.lead.student, repository_url=LINK, at=work.now)


def test_hand_ins_of_a_team_have_a_most(work, monkeypatch):
    monkeypatch.setattr(handing_in, "MOST_HAND_INS", 1)
    work.hand_in()

    with pytest.raises(ProjectError, match="as often as it can"):
        work.hand_in()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_hand_in_waits_for_another_of_the_team():
    work = Work()

    with row_held(work.placement):
        assert waits(work.hand_in)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_members_at_once_get_two_numbers():
    work = Work()

    outcomes = at_once([lambda who=who: work.hand_in(by=who.student).number for who in (work.lead, work.member)] * 3)

    assert sorted(outcomes) == [1, 2, 3, 4, 5, 6]
    assert Placement.objects.get().hand_ins.count() == 6
