import re
from pathlib import Path

import pytest

from camp import campfile
from camp.campfile.exercises import Named
from camp.campfile.schema import Part
from tests.campfile.sample import PROJECTS, SMALL, edited, without

DOCS = Path(__file__).resolve().parents[2] / "docs" / "camp-file.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
PARTS = Part.__subclasses__()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_is_described(part):
    described = set(re.findall(r"`\[{0,2}([a-z_.]+)\]{0,2}`", DOCS.read_text(encoding="utf-8")))

    assert set(part.model_fields) - described == set()


def test_rule_of_the_docs_is_read():
    rule, *_others = BLOCKS

    document = campfile.read(edited("[[courses]]", f"{rule}\n[[courses]]"), source_name="docs.toml")

    assert [row.course for row in document.stages[1].entry[2].requirements] == [1, 2]


def test_exercises_of_the_docs_are_read():
    _rule, exercises, *_others = BLOCKS

    document = campfile.read(edited('exercises = ["intro1", "intro2", "quiz"]\n', exercises), source_name="docs.toml")

    assert document.courses[1].exercises[-1] == Named("exercise29")


def test_a_renamed_exercise_of_the_docs_is_read():
    _rule, _pattern, renamed, *_others = BLOCKS

    document = campfile.read(edited('exercises = ["intro1", "intro2", "quiz"]\n', renamed), source_name="docs.toml")

    assert document.courses[1].exercises == [Named("intro1"), Named("variables1", was=("intro2",)), Named("quiz")]


def test_series_and_meeting_of_the_docs_are_read():
    *_others, series, meeting, _topic = BLOCKS
    text = without('[[meetings]]\nkey = "cxx-1"', "[[announcements]]")

    document = campfile.read(edited("[[meetings]]", f"{series}\n{meeting}\n[[meetings]]", text=text), source_name="x")

    meetings = {row.key: (f"{row.starts_at:%m-%d %H:%M}", len(row.materials)) for row in document.meetings}
    assert meetings == {
        "cxx-2": ("07-29 06:00", 2), "opening": ("07-20 12:00", 0), "cxx-1": ("07-22 06:00", 0),
        "cxx-3": ("08-01 06:00", 0),
    }  # fmt: skip


def test_a_topic_of_the_docs_is_read():
    *_others, topic = BLOCKS
    text = edited('"Anchor"', '"InfiniLM"', text=SMALL + PROJECTS[: PROJECTS.index("[[project_stage.projects]]")])

    document = campfile.read(text.replace("Buoy", "InfiniLM 2") + topic, source_name="docs.toml")

    assert [(row.title, row.seats, row.status) for row in document.project_stage.projects] == [
        ("Paged key-value cache", 2, "open")
    ]


def test_the_sample_of_mistakes_is_what_is_said():
    text = edited("capacity = 3", "capcity = 3", text=edited("course = 2, points", "course = 9, points", text=SMALL))

    with pytest.raises(campfile.CampFileError) as caught:
        campfile.read(text, source_name="camp.toml")

    sentences = [line.split(": ", 1)[1] for line in str(caught.value).splitlines()]
    assert [sentence in DOCS.read_text(encoding="utf-8") for sentence in sentences] == [True, True]
