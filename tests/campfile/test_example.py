"""The reference camp: the facts of contracts/score-upload.md and of the season's own page are in its file."""

from datetime import datetime
from pathlib import Path

import pytest

from camp import campfile
from camp.camps.models import Camp
from camp.classrooms.series import overlapping
from camp.stages import services as stage_services
from camp.stages.models import Participation
from tests.factories import NOW, make_enrollment

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "infinitensor-2024summer.toml"
SEASON = {
    "opening": "2024-07-20 20:00", "topic-selection": "2024-08-17 20:00", "closing": "2024-09-29 20:00",
    "cxx-1": "2024-07-22 14:00", "cxx-2": "2024-07-25 14:00", "cxx-3": "2024-07-29 14:00",
    "cxx-4": "2024-08-01 14:00", "rust-1": "2024-07-22 15:30", "rust-2": "2024-07-25 15:30",
    "rust-3": "2024-07-29 15:30", "rust-4": "2024-08-01 15:30",
}  # fmt: skip


@pytest.fixture
def document():
    return campfile.read(EXAMPLE.read_text(encoding="utf-8"), source_name=EXAMPLE.name)


@pytest.fixture
def example(db, document):
    campfile.load_document(document)
    return Camp.objects.get()


def local(moment, camp):
    return f"{moment.astimezone(camp.zone):%Y-%m-%d %H:%M}"


def test_courses_have_their_upload_ids_maxima_and_exercises(document):
    courses = [(row.number, row.upload_id, row.max_points, len(row.exercises)) for row in document.courses]

    assert courses == [
        (1, 1699, 30, 30), (2, 1700, 94, 94), (3, 1701, 11, 11), (4, None, 0, 0), (5, 1703, 5, 5), (6, None, 0, 0),
        (7, None, 0, 0),
    ]  # fmt: skip


def test_exercises_have_their_names(document):
    assert [each.name for each in document.courses[0].exercises] == [f"exercise{number:02}" for number in range(30)]
    assert [course.exercises_name for course in document.courses if course.upload_id] == [
        "learning-cxx", "rustlings", "TinyInfiniTensor", "learning-lm-rs"
    ]  # fmt: skip


def test_calendar_is_the_one_of_the_season(example):
    stages = [
        (row.key, local(row.opens_at, example)[:10], local(row.closes_at, example)[:10]) for row in example.stages.all()
    ]
    meetings = {row.key: local(row.starts_at, example) for row in example.meetings.all()}

    assert stages == [
        ("orientation", "2024-07-06", "2024-07-20"), ("foundation", "2024-07-20", "2024-08-04"),
        ("professional", "2024-08-05", "2024-08-17"), ("project", "2024-08-17", "2024-09-29"),
    ]  # fmt: skip
    assert {key: meetings[key] for key in SEASON} == SEASON


def test_zone_is_the_one_of_the_season(document):
    assert document.camp.time_zone == "Asia/Shanghai"
    assert (
        datetime.fromisoformat("2024-07-20T20:00+08:00")
        == next(row for row in document.meetings if row.key == "opening").starts_at
    )


def stages_after(camp, **points):
    """The stages that a student with these points (by course number) is in."""
    enrollment = make_enrollment(camp, at=NOW)
    for number, value in points.items():
        stage_services.record_points(enrollment, camp.courses.get(number=number.removeprefix("course")), value, at=NOW)
    admitted = Participation.objects.filter(enrollment=enrollment).order_by("stage__position")
    return list(admitted.values_list("stage__key", flat=True))


@pytest.mark.parametrize(
    ("points", "stages"),
    [
        ({}, ["orientation", "foundation"]),
        ({"course1": 29, "course2": 93}, ["orientation", "foundation"]),
        ({"course1": 30}, ["orientation", "foundation", "professional"]),
        ({"course2": 94}, ["orientation", "foundation", "professional"]),
        ({"course3": 11, "course5": 5}, ["orientation", "foundation"]),
        ({"course1": 30, "course3": 6, "course5": 2}, ["orientation", "foundation", "professional"]),
        ({"course1": 30, "course3": 7}, ["orientation", "foundation", "professional", "project"]),
        ({"course2": 94, "course5": 3}, ["orientation", "foundation", "professional", "project"]),
    ],
)
def test_rules_promote_as_the_season_did(example, points, stages):
    assert stages_after(example, **points) == stages


def test_ceremonies_have_what_the_season_told(example):
    opening, selection = example.meetings.get(key="opening"), example.meetings.get(key="topic-selection")

    assert [(row.url.partition("?id=")[2], row.passcode) for row in opening.recordings.all()] == [
        ("81da07c1-a905-4955-b968-a8caa9644271&from=3", "DWH7")
    ]
    assert (selection.number, selection.join_url) == ("405-408-245", "https://meeting.tencent.com/dm/CFTCSJnmJkeL")


def test_the_two_timetables_are_series():
    text = EXAMPLE.read_text(encoding="utf-8")

    assert text.count("[[series]]") == 2


def test_every_lesson_can_be_joined(document):
    assert [row.key for row in document.meetings if row.kind == "lesson" and not row.join_url] == []


def test_no_course_with_lessons_has_an_empty_classroom(document):
    assert {row.course for row in document.meetings} == {None, 1, 2, 3, 4, 5, 6}


def test_no_lessons_of_one_course_overlap(document):
    assert overlapping(document.meetings) == []


# The winter season and the project stages of both.


@pytest.fixture
def winter():
    path = EXAMPLE.with_name("infinitensor-2024winter.toml")
    return campfile.read(path.read_text(encoding="utf-8"), source_name=path.name)


def test_winter_differs_as_the_season_did(winter):
    professional = [row.name for row in winter.courses if row.stage == "professional"]

    assert (winter.camp.capacity, len(professional)) == (2200, 6)
    assert [row.key for row in winter.meetings if row.course in (1, 2)] == ["cxx-videos", "rust-videos"]
    assert [len(row.recordings) for row in winter.meetings if row.course in (1, 2)] == [4, 4]


def test_seasons_do_not_share_an_upload_id(document, winter):
    both = [row.upload_id for row in [*document.courses, *winter.courses] if row.upload_id]

    assert len(set(both)) == len(both)


def test_project_stage_keeps_the_calendar_of_the_season(example):
    stage = example.project_stage
    selection = stage.rounds.get(number=1)

    moments = (stage.topics_published_at, selection.opens_at, selection.closes_at)
    assert [local(moment, example) for moment in moments] == [
        "2024-08-10 10:00", "2024-08-17 21:00", "2024-08-20 23:59"
    ]  # fmt: skip
    assert (stage.teams_lock_at, local(stage.hand_in_closes_at, example)) == (selection.closes_at, "2024-09-26 23:59")


@pytest.mark.parametrize("season", ["document", "winter"])
def test_topics_are_about_all_four_open_source_projects(season, request):
    document = request.getfixturevalue(season)
    topics = document.project_stage.projects

    assert {row.support_project for row in topics} >= {"InfiniTensor", "RefactorGraph", "InfiniLM", "cndrv"}
    assert [row.number for row in topics if not (row.skills and row.description and row.deliverables)] == []
    assert {row.status for row in topics} == {"open"}
    assert len(document.project_stage.criteria) == 4
