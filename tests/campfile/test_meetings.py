"""Meetings in the camp file: their secrets, recordings and materials, what is warned of and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from camp import campfile
from camp.camps.models import Camp
from camp.classrooms.models import Material, Meeting, Recording
from tests.campfile.sample import SMALL, edited, line_of, without
from tests.factories import NOW, make_check_in, make_enrollment, make_material

BEFORE = datetime(2024, 7, 1, tzinfo=UTC)  # All meetings of the sample are still to come.
AFTER = datetime(2024, 12, 1, tzinfo=UTC)
LESSON = ('[[meetings]]\nkey = "cxx-1"', "[[announcements]]")
MORE = """\
join_url = "https://meet.example.org/cxx"
number = "405 408"
passcode = "let me in"
recordings = [
    { url = "https://video.example.org/1", passcode = "replay", title = "Part one" },
    { url = "https://video.example.org/2" },
]
materials = [
    { title = "Slides", url = "https://example.org/slides" },
    { title = "Solutions", url = "https://example.org/solutions", release_at = 2024-07-29 00:00:00 },
]

[[announcements]]"""
FULL = edited("\n[[announcements]]", MORE)


@pytest.fixture
def lesson(db):
    campfile.load(FULL, source_name="camp.toml", at=BEFORE)
    return Meeting.objects.get(key="cxx-1")


def rows_of(meeting):
    recordings = list(meeting.recordings.values_list("url", "passcode", "title"))
    materials = list(meeting.materials.values_list("title", "url", "release_at"))
    return recordings, materials


def test_a_meeting_has_its_secrets_recordings_and_materials(lesson):
    assert (lesson.join_url, lesson.number, lesson.passcode) == (
        "https://meet.example.org/cxx", "405 408", "let me in"
    )  # fmt: skip
    assert rows_of(lesson) == (
        [("https://video.example.org/1", "replay", "Part one"), ("https://video.example.org/2", "", "")],
        [
            ("Slides", "https://example.org/slides", None),
            ("Solutions", "https://example.org/solutions", datetime(2024, 7, 28, 16, tzinfo=UTC)),
        ],
    )


def test_loading_again_changes_nothing_and_the_dump_says_it_all(lesson):
    assert campfile.load(FULL, source_name="camp.toml").is_unchanged

    text = campfile.dump(Camp.objects.get())

    assert MORE.removesuffix("\n\n[[announcements]]") in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("meet.example.org/cxx", "meet.example.org/rust", "meeting cxx-1: join_url: changed (a secret)"),
        ("405 408", "405 409", "meeting cxx-1: number: changed (a secret)"),
        ("let me in", "open", "meeting cxx-1: passcode: changed (a secret)"),
        ('passcode = "replay"', 'passcode = "again"', "recording “Part one”: passcode: changed (a secret)"),
        ("Part one", "Part 1", "recording “Part 1”: title: Part one → Part 1"),
        ("example.org/slides", "example.org/deck",
         "material “Slides”: url: https://example.org/slides → https://example.org/deck"),
        ("2024-07-29 00", "2024-07-30 00",
         "material “Solutions”: release_at: 2024-07-29 00:00:00 → 2024-07-30 00:00:00"),
    ],
)  # fmt: skip
def test_a_change_is_reported_without_a_secret(lesson, load, old, new, line):
    assert load(edited(old, new, text=FULL)) == {"created": [], "changed": [line], "removed": []}


def test_recordings_are_known_by_their_address_and_materials_by_their_title(lesson, load):
    text = edited("https://video.example.org/2", "https://video.example.org/3", text=FULL)
    text = edited('title = "Slides"', 'title = "Deck"', text=text)

    report = load(text)

    assert (report["created"], report["changed"]) == (["recording “C++, first lesson”", "material “Deck”"], [])
    assert report["removed"] == ["material “Slides”", "recording “C++, first lesson”"]


def test_a_material_that_is_a_file_is_left_alone(lesson, load):
    make_material(lesson, title="Upload", file="materials/x.pdf", file_name="x.pdf", position=9)

    assert load(FULL) == {"created": [], "changed": [], "removed": []}
    assert "Upload" not in campfile.dump(Camp.objects.get())
    assert load(SMALL)["removed"].count("material “Slides”") == 1
    assert list(Material.objects.values_list("title", flat=True)) == ["Upload"]


def test_a_material_with_the_title_of_a_stored_file_is_refused(lesson, refusal):
    Material.objects.filter(title="Slides").update(file="materials/x.pdf", url="")

    sentence = "A file of this title is stored already. Choose another, or remove the file in the admin."
    line = line_of('title = "Slides"', text=FULL)
    assert refusal(FULL) == [(line, "meetings[1].materials[0].title", sentence)]


@pytest.mark.parametrize(
    ("old", "new", "path", "sentence"),
    [
        ("https://meet.example.org/cxx", "ftp://x", "join_url",
         "Write an address that begins with https:// or http://."),
        ("https://video.example.org/2", "https://video.example.org/1", "recordings[1].url",
         "“https://video.example.org/1” stands here twice. Choose another."),
        ("https://video.example.org/2", "javascript:alert(1)", "recordings[1].url",
         "Write an address that begins with https:// or http://."),
        ('"Solutions"', '"Slides"', "materials[1].title", "“Slides” stands here twice. Choose another."),
        ('title = "Slides", ', "", "materials[0]", "The key “title” is missing."),
        (', url = "https://example.org/slides"', "", "materials[0]", "The key “url” is missing."),
        ('title = "Slides"', 'titel = "Slides", title = "S"', "materials[0].titel",
         "There is no key “titel” here. Did you mean “title”?"),
        ("release_at = 2024-07-29 00:00:00", "release_at = 2024-07-29", "materials[1].release_at",
         "Write a date and a time without quotes, such as 2024-07-29 20:00:00."),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place(db, refusal, old, new, path, sentence):
    found = refusal(edited(old, new, text=FULL))

    assert [(where, words) for _line, where, words in found] == [(f"meetings[1].{path}", sentence)]


# Other seasons.


def test_a_shift_moves_the_release(lesson):
    document = campfile.shift(campfile.read(FULL, source_name="camp.toml"), days=364)

    assert document.meetings[1].materials[1].release_at == datetime(2025, 7, 27, 16, tzinfo=UTC)


def test_a_clone_has_neither_ways_in_nor_recordings(lesson):
    make_material(lesson, title="Upload", file="materials/x.pdf")

    campfile.clone(Camp.objects.get(), slug="next", days=364)

    copy = Meeting.objects.get(key="cxx-1", camp__slug="next")
    assert (copy.join_url, copy.number, copy.passcode) == ("", "", "")
    assert rows_of(copy) == (
        [],
        [
            ("Slides", "https://example.org/slides", None),
            ("Solutions", "https://example.org/solutions", datetime(2025, 7, 27, 16, tzinfo=UTC)),
        ],
    )


# Where people are.


def test_a_meeting_with_check_ins_is_not_removed(lesson):
    make_check_in(lesson, make_enrollment(lesson.camp, at=NOW))
    text = without(*LESSON)

    with pytest.raises(campfile.CampFileError) as caught:
        campfile.load(text, source_name="camp.toml", at=AFTER)

    line = line_of("[[meetings]]", text=text)
    sentence = "Meeting “cxx-1” is no longer in the file, but has check-ins (1). Put it back."
    assert str(caught.value) == f"camp.toml:{line}: meetings: {sentence}"


def test_a_meeting_that_students_expect_is_not_removed(lesson):
    make_enrollment(lesson.camp, at=NOW)

    with pytest.raises(campfile.CampFileError) as caught:
        campfile.load(without(*LESSON), source_name="camp.toml", at=BEFORE)

    assert [mistake.sentence for mistake in caught.value.mistakes] == [
        "Meeting “cxx-1” is no longer in the file, but students expect it. "
        "Put it back with is_cancelled = true, so that they are told."
    ]


def test_a_cancelled_meeting_is_kept_until_students_are_told(lesson):
    make_enrollment(lesson.camp, at=NOW)
    Meeting.objects.filter(pk=lesson.pk).update(is_cancelled=True)

    with pytest.raises(campfile.CampFileError, match="students expect it"):
        campfile.load(without(*LESSON), source_name="camp.toml", at=BEFORE)


@pytest.mark.parametrize("why", ["over", "cancelled", "no students"])
def test_a_meeting_that_nobody_misses_is_removed(lesson, why):
    if why != "no students":
        make_enrollment(lesson.camp, at=NOW)
    Meeting.objects.filter(pk=lesson.pk).update(is_cancelled=why == "cancelled", told_cancelled=True)

    report = campfile.load(without(*LESSON), source_name="camp.toml", at=AFTER if why == "over" else BEFORE)

    assert [str(entry) for entry in report.of("removed")] == ["meeting cxx-1"]
    assert Recording.objects.count() == Material.objects.count() == 0


@pytest.mark.parametrize(("new", "path"), [("course = 2\nspeaker", ".course"), ("speaker", ".course")])
def test_a_meeting_with_check_ins_stays_in_its_course(lesson, refusal, new, path):
    make_check_in(lesson, make_enrollment(lesson.camp, at=NOW))

    found = refusal(edited("course = 1\nspeaker", new, text=FULL))

    sentence = "Meeting “cxx-1” has check-ins (1), so it stays where it is: course = 1."
    assert [one[1:] for one in found] == [(f"meetings[1]{path}", sentence)]


def test_a_ceremony_with_check_ins_stays_without_a_course(lesson, refusal):
    make_check_in(Meeting.objects.get(key="opening"), make_enrollment(lesson.camp, at=NOW))

    found = refusal(edited('title = "Opening"', 'title = "Opening"\ncourse = 1', text=FULL))

    assert [words for _line, _path, words in found] == [
        "Meeting “opening” has check-ins (1), so it stays where it is: course = none."
    ]


# Overlaps.


def with_lesson(hour, *, course=1, more=""):
    times = f"starts_at = 2024-07-22 {hour}:30:00\nends_at = 2024-07-22 {hour + 1}:30:00\n"
    own = f'[[meetings]]\nkey = "second"\ntitle = "Second"\ncourse = {course}\n{times}{more}\n'
    return edited("[[announcements]]", f"{own}[[announcements]]")


def warnings_of(text):
    lines = campfile.load(text, source_name="camp.toml").lines()
    return [line for line in lines if line.startswith("warning")]


def test_lessons_of_one_course_at_the_same_time_are_warned_of(db):
    sentence = "warning: meetings cxx-1 and second of course 1 are at the same time."

    assert [warnings_of(with_lesson(14)) for _twice in range(2)] == [[sentence], [sentence]]


@pytest.mark.parametrize(
    "options", [{"hour": 15}, {"hour": 14, "course": 2}, {"hour": 14, "more": "is_cancelled = true"}]
)
def test_other_lessons_are_not(db, options):
    assert warnings_of(with_lesson(**options)) == []


def test_a_lesson_that_becomes_cancelled_is_kept(lesson, load):
    make_enrollment(lesson.camp, at=NOW)

    report = load(edited('number = "405', 'is_cancelled = true\nnumber = "405', text=FULL))

    assert report["changed"] == ["meeting cxx-1: is_cancelled: False → True"]
    assert lesson.ends_at - lesson.starts_at == timedelta(hours=1)
