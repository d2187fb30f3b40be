import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camp import campfile
from camp.campfile.dump import text_of
from camp.campfile.exercises import compact, expand
from camp.camps.models import Camp, CampLink, Organization
from camp.projects.models import ProjectStage
from camp.stages.models import Announcement, Course, Requirement, Stage
from tests.campfile.sample import PROJECTS, SMALL, edited
from tests.factories import NOW, make_camp, make_course, make_meeting, make_requirement, make_stage

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.toml"))
TEXTS = {"small": SMALL, "projects": SMALL + PROJECTS} | {path.stem: path.read_text("utf-8") for path in EXAMPLES}


def dumped(text):
    """The dump of the one camp there is after loading a text."""
    campfile.load(text, source_name="camp.toml")
    return campfile.dump(Camp.objects.get())


@pytest.fixture(params=TEXTS)
def text(request):
    return TEXTS[request.param]


@pytest.mark.django_db
def test_load_dump_load_reports_no_change(text):
    assert campfile.load(dumped(text), source_name="dump.toml").is_unchanged


@pytest.mark.django_db
def test_dump_of_a_loaded_dump_is_the_same_text(text):
    first = dumped(text)

    assert dumped(first) == first


@pytest.mark.django_db
def test_dump_into_an_empty_database_makes_the_same_camp(text):
    first = dumped(text)
    for model in (ProjectStage, Requirement, Course, Stage, Camp, Organization):
        model.objects.all().delete()

    assert dumped(first) == first


def test_dump_says_what_the_file_said(camp):
    assert tomllib.loads(campfile.dump(camp)) == tomllib.loads(
        SMALL.replace("2024-07-20T10:00:00+02:00", "2024-07-20T16:00:00")
    )


def test_dump_is_readable(camp):
    text = campfile.dump(camp)

    assert 'description = """\nLine one of the Markdown.\n' in text
    assert "starts_at = 2024-07-06 00:00:00\n" in text
    assert 'exercises = { pattern = "exercise{:02}", from = 0, to = 29 }\n' in text
    assert '    { kind = "points", course = 2, points = 60 },\n' in text


def test_camp_made_by_hand_is_dumped_and_loaded_without_change(db):
    camp = make_camp(description="One\r\ntwo\r\n", starts_at=NOW - timedelta(microseconds=1))
    course = make_course(make_stage(camp, "one"), number=7, upload_id=None)
    stage = make_stage(camp, "two", position=0)
    make_requirement(stage, course=course)
    make_requirement(stage, kind="attendance", course=course, meetings=3)
    make_meeting(course=course)
    for title in ("Guide", "Forum"):
        CampLink.objects.create(camp=camp, title=title, url="https://example.org/")
    for _twice in range(2):
        Announcement.objects.create(camp=camp, title="News", body='"""\\ \t quotes', published_at=NOW)

    report = campfile.load(campfile.dump(camp), source_name="dump.toml")

    assert report.is_unchanged


@pytest.mark.parametrize("hour", [0, 1])
def test_hour_that_the_clock_shows_twice_keeps_its_moment(db, hour):
    moment = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)  # 02:30 in Berlin, twice.
    camp = make_camp(time_zone="Europe/Berlin", ends_at=moment)

    assert campfile.load(campfile.dump(camp), source_name="dump.toml").is_unchanged
    assert campfile.dump(camp).count("+01:00") == hour  # An offset is written the second time only.


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["e1", "e2", "e3"], {"pattern": "e{}", "from": 1, "to": 3}),
        (["e08.rs", "e09.rs", "e10.rs"], {"pattern": "e{:02}.rs", "from": 8, "to": 10}),
        (["99", "100", "101"], {"pattern": "{}", "from": 99, "to": 101}),
        (["e1", "e2"], ["e1", "e2"]),
        (["e1", "e2", "e4"], ["e1", "e2", "e4"]),
        (["a", "b", "c"], ["a", "b", "c"]),
        (["{1", "{2", "{3"], ["{1", "{2", "{3"]),
        ([], []),
    ],
)
def test_names_that_run_on_become_a_pattern(names, short):
    assert compact(names) == short


@given(st.integers(0, 300), st.integers(3, 30), st.sampled_from(["x{}", "{:02}", "a1b{:03}.c", "{:09}"]))
def test_pattern_stands_for_the_names_it_was_made_of(first, count, pattern):
    names = expand(pattern, first, first + count - 1)

    short = compact(names)

    assert (expand(*short.values()) if isinstance(short, dict) else short) == names


# Documents made by hypothesis.

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
prose = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(fold=0))
spans = st.tuples(moments, st.timedeltas(timedelta(days=1), timedelta(days=99)))
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"]


def span(first, last):
    return spans.map(lambda pair: {first: pair[0], last: pair[0] + pair[1]})


def unique(strategy, key):
    return st.lists(strategy, max_size=3, unique_by=lambda part: part[key])


@st.composite
def tables(draw, fields, *dates):
    """A table of these fields with pairs of dates, the later one after the earlier."""
    table = draw(st.fixed_dictionaries(fields))
    for first, last in dates:
        table |= draw(span(first, last))
    return table


def renamed(names):
    """Exercises of these names; every third name is what the one before was."""
    return [
        {"name": name, "was": [names[place + 1]]} if place % 3 == 1 and place + 1 < len(names) else name
        for place, name in enumerate(names)
        if place % 3 != 2
    ]


@st.composite
def documents(draw):
    fields = {"slug": st.just("made"), "name": words, "description": prose, "time_zone": st.sampled_from(ZONES)}
    camp = tables(fields, ("starts_at", "ends_at"), ("registration_opens_at", "registration_closes_at"))
    courses = draw(unique(st.fixed_dictionaries({
        "number": st.integers(1, 9), "stage": st.just("one"), "name": words, "summary": words, "description": prose,
        "max_points": st.integers(1, 99) | st.floats(0.5, 99).map(lambda value: round(value, 3)),
        "exercises": st.lists(words, max_size=6, unique=True).map(renamed), "proof_from": moments,
    }), "number"))  # fmt: skip
    kinds = [st.fixed_dictionaries({"kind": st.just("item"), "item": words})]
    if courses:
        numbers = st.sampled_from([course["number"] for course in courses])
        kinds += [st.fixed_dictionaries({"kind": st.just("points"), "course": numbers})]
        kinds += [st.fixed_dictionaries({"kind": st.just("attendance"), "course": numbers, "meetings": st.just(2)})]
    requirements = st.lists(st.one_of(kinds), min_size=1, max_size=4)
    groups = st.fixed_dictionaries({"label": words, "requirements": requirements})
    topics = st.fixed_dictionaries(
        {
            "number": st.integers(1, 99), "title": words, "summary": words, "description": prose, "deliverables": prose,
            "skills": st.lists(words, max_size=3, unique=True), "seats": st.integers(1, 9),
        }
    )  # fmt: skip
    project_stage = {
        "stage": st.just("one"), "topics_published_at": moments, "projects": unique(topics, "number"),
        "criteria": unique(st.fixed_dictionaries({"key": st.sampled_from("abc"), "name": words}), "key"),
    }  # fmt: skip
    stage = {"key": st.just("one"), "name": words, "kind": st.just("project"), "entry": st.lists(groups, max_size=3)}
    return {
        "organization": {"slug": "maker", "name": draw(words), "description": draw(prose)},
        "camp": draw(camp),
        "faq": draw(unique(st.fixed_dictionaries({"question": words, "answer": words}), "question")),
        "stages": [draw(tables(stage, ("opens_at", "closes_at")))],
        "courses": courses,
        "announcements": draw(st.lists(st.fixed_dictionaries(
            {"title": words, "body": prose, "published_at": moments}
        ), max_size=4)),
        "project_stage": draw(tables(project_stage, ("teams_lock_at", "hand_in_closes_at"))),
    }  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_any_document_comes_back_as_it_went_in(document):
    text = text_of(document)
    try:
        campfile.load(text, source_name="made.toml")
    except campfile.CampFileError as error:  # Hypothesis likes the hour that a clock skips.
        assert all("does not exist" in mistake.sentence for mistake in error.mistakes)  # noqa: PT017
        return

    first = campfile.dump(Camp.objects.get())
    report = campfile.load(first, source_name="dump.toml")

    assert list(report.lines())[:-1] == []  # Only what was left.
    assert campfile.dump(Camp.objects.get()) == first


def test_edited_dump_can_be_loaded_again(camp):
    text = edited("capacity = 3", "capacity = 5", text=campfile.dump(camp))

    report = campfile.load(text, source_name="dump.toml")

    assert [str(entry) for entry in report.of("changed")] == ["camp summer: capacity: 3 → 5"]
