"""A series in the camp file: read as meetings, written back where meetings are one."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from camp import campfile
from camp.campfile.dump import text_of
from camp.camps.models import Camp
from camp.classrooms.models import Meeting
from camp.classrooms.series import WEEKDAYS
from tests.campfile.sample import SMALL, edited, line_of
from tests.factories import NOW, make_check_in, make_enrollment, make_recording

BEFORE = datetime(2024, 7, 1, tzinfo=UTC)
SERIES = """\
[[series]]
key = "rust"
kind = "lesson"
title = "Rust, lesson {}"
course = 2
speaker = "Bo Invented"
weekdays = [
    "monday",
    "thursday",
]
from = 2024-07-22
to = 2024-08-01
starts = 15:30:00
ends = 16:30:00
skip = [
    2024-07-29,
]
join_url = "https://meet.example.org/rust"
number = "405"
passcode = "open"

"""
TEXT = edited("[[meetings]]", SERIES + "[[meetings]]")
REPLACED = """\
[[meetings]]
key = "rust-2"
kind = "lesson"
title = "Rust, moved"
course = 2
starts_at = 2024-07-26 10:00:00
ends_at = 2024-07-26 11:00:00

"""


@pytest.fixture
def camp(db):
    campfile.load(TEXT, source_name="camp.toml", at=BEFORE)
    return Camp.objects.get()


def rust():
    rows = Meeting.objects.filter(key__startswith="rust-")
    return [(row.key, row.title, f"{row.starts_at.astimezone(row.camp.zone):%m-%d %H:%M}") for row in rows]


def test_a_series_is_read_as_meetings(camp):
    first = Meeting.objects.get(key="rust-1")

    assert rust() == [
        ("rust-1", "Rust, lesson 1", "07-22 15:30"), ("rust-2", "Rust, lesson 2", "07-25 15:30"),
        ("rust-3", "Rust, lesson 3", "08-01 15:30"),
    ]  # fmt: skip
    assert (first.course.number, first.speaker, first.join_url, first.number, first.passcode) == (
        2, "Bo Invented", "https://meet.example.org/rust", "405", "open"
    )  # fmt: skip
    assert first.ends_at - first.starts_at == timedelta(hours=1)


def test_a_meeting_of_the_file_replaces_one_of_the_series(camp, load):
    report = load(edited("[[meetings]]", REPLACED + "[[meetings]]", text=TEXT))

    assert report["removed"] == report["created"] == []
    assert rust()[1] == ("rust-2", "Rust, moved", "07-26 10:00")


def test_a_series_comes_back_as_it_went_in(camp):
    text = campfile.dump(camp)

    assert SERIES in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged


def test_a_meeting_that_differs_stands_beside_its_series(camp):
    text = edited("[[meetings]]", REPLACED + "[[meetings]]", text=TEXT)
    campfile.load(text, source_name="camp.toml")

    dumped = campfile.dump(camp)

    assert SERIES in dumped
    assert REPLACED in dumped
    assert campfile.load(dumped, source_name="dump.toml").is_unchanged


def test_a_lesson_with_its_recording_stands_beside_its_series(camp):
    make_recording(Meeting.objects.get(key="rust-3"), url="https://video.example.org/3")

    dumped = tomllib.loads(campfile.dump(camp))

    assert [table["key"] for table in dumped["series"]] == ["rust"]
    assert [table["key"] for table in dumped["meetings"]] == ["opening", "cxx-1", "rust-3"]


@pytest.mark.parametrize("keys", [["rust-1"], ["rust-1", "rust-2"], ["rust-2"]])
def test_numbers_with_a_gap_are_written_as_meetings(camp, keys):
    Meeting.objects.filter(key__in=keys).delete()

    text = campfile.dump(camp)

    assert "[[series]]" not in text
    assert campfile.load(text, source_name="dump.toml").is_unchanged


def test_meetings_in_another_order_than_their_numbers_are_written_as_meetings(camp):
    Meeting.objects.filter(key="rust-1").update(starts_at=NOW + timedelta(days=90), ends_at=NOW + timedelta(days=91))
    Meeting.objects.filter(key="rust-2").update(starts_at=NOW + timedelta(days=60), ends_at=NOW + timedelta(days=61))

    assert "[[series]]" not in campfile.dump(camp)


def test_a_clone_of_a_series_is_one_without_its_way_in(camp):
    campfile.clone(camp, slug="next", days=364)

    table = tomllib.loads(campfile.dump(Camp.objects.get(slug="next")))["series"][0]

    assert (table["from"], table["to"], table["skip"]) == (date(2025, 7, 21), date(2025, 7, 31), [date(2025, 7, 28)])
    assert table.keys() & {"join_url", "number", "passcode"} == set()


def test_the_clock_of_a_series_stays_over_a_shift(db):
    text = edited("to = 2024-08-01", "to = 2024-08-22", text=edited('"Asia/Shanghai"', '"Europe/Berlin"', text=TEXT))

    document = campfile.shift(campfile.read(text, source_name="camp.toml"), days=70)

    zone = ZoneInfo("Europe/Berlin")
    rows = [row for row in document.meetings if row.key.startswith("rust")]
    assert {row.starts_at.astimezone(zone).time() for row in rows} == {time(15, 30)}
    assert rows[-1].starts_at.astimezone(zone).date() == date(2024, 10, 31)


# Mistakes.


@pytest.mark.parametrize(
    ("old", "new", "path", "sentence"),
    [
        ("ends = 16:30:00", "ends = 15:30:00", ".ends", "The end must come after the beginning, on the same day."),
        ("to = 2024-08-01", "to = 2024-07-01", ".to", "The last day must not be before the first."),
        ("to = 2024-08-01", "to = 2034-07-01", ".to", "A series has at most 200 meetings. End it earlier."),
        ("to = 2024-08-01", "to = 2300-07-01", ".to", "Write a year from 2000 to 2200."),
        ("to = 2024-08-01", "to = 2024-08-01 00:00:00", ".to",
         "Write a day without quotes, such as 2024-07-22."),
        ("to = 2024-08-01", 'to = "2024-08-01"', ".to", "Write a day without quotes, such as 2024-07-22."),
        ("to = 2024-08-01\n", "", "", "The key “to” is missing."),
        ("from = 2024-07-22", "form = 2024-07-22\nfrom = 2024-07-22", ".form",
         "There is no key “form” here. Did you mean “from”?"),
        ("starts = 15:30:00", 'starts = "15:30"', ".starts",
         "Write a time of the clock without quotes, such as 14:00:00."),
        ("    2024-07-29,\n", "    29,\n", ".skip", "Write a day without quotes, such as 2024-07-22."),
        ("skip = [\n    2024-07-29,\n]", "skip = 2024-07-29", ".skip",
         "Write a list of days, such as [2024-07-25, 2024-07-29]."),
        ('    "monday",\n', '    "mon",\n', ".weekdays[0]",
         "“mon” is none of: monday, tuesday, wednesday, thursday, friday, saturday, sunday. Did you mean “monday”?"),
        ('    "monday",\n', '    "thursday",\n', ".weekdays[1]", "“thursday” stands here twice. Choose another."),
        ('    "monday",\n', "    1,\n", ".weekdays[0]",
         "“1” is none of: monday, tuesday, wednesday, thursday, friday, saturday, sunday."),
        ('weekdays = [\n    "monday",\n    "thursday",\n]', "weekdays = []", ".weekdays",
         'Write a list of weekdays, such as ["monday", "thursday"].'),
        ('    "monday",\n    "thursday",\n', '    "sunday",\n', ".weekdays", None),
        ("course = 2\n", "course = 9\n", ".course", "There is no course 9. The courses are: 1, 2, 3."),
        ('key = "rust"', 'key = "r u"', ".key", "Use letters, digits, hyphens and underscores."),
        ('key = "rust"', f'key = "{"r" * 59}"', ".key",
         "With its number this is longer than 60 characters. Make it shorter."),
        ("Rust, lesson {}", "x" * 159 + "{}{}", ".title", "Ensure this value has at most 160 characters (it has 163)."),
        ("Rust, lesson {}", "x" * 157 + "{}", ".title", None),
        ('"https://meet.example.org/rust"', '"ftp://x"', ".join_url",
         "Write an address that begins with https:// or http://."),
        ('[[meetings]]\nkey = "opening"', SERIES + '[[meetings]]\nkey = "opening"', None,
         "“rust” stands here twice. Choose another."),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place_and_its_sentence(db, old, new, path, sentence):
    text = edited(old, new, text=TEXT[TEXT.index(SERIES) :] if old.startswith(("course", "key")) else TEXT)
    text = TEXT[: TEXT.index(SERIES)] + text if old.startswith(("course", "key")) else text
    if sentence is None:
        campfile.read(text, source_name="camp.toml")
        return

    with pytest.raises(campfile.CampFileError) as caught:
        campfile.read(text, source_name="camp.toml")

    where = "series[1].key" if path is None else f"series[0]{path}"
    line = str(caught.value).split(":", 2)
    assert line[2] == f" {where}: {sentence}"


def test_a_mistake_is_on_its_line(db, refusal):
    text = edited("ends = 16:30:00", "ends = 15:00:00", text=edited("capacity = 3", "capcity = 3", text=TEXT))

    assert [(line, path) for line, path, _sentence in refusal(text)] == [
        (line_of("capcity", text=text), "camp.capcity"), (line_of("ends = 15:00:00", text=text), "series[0].ends")
    ]  # fmt: skip


def test_an_hour_that_clocks_skip_is_refused(db, refusal):
    text = edited('"Asia/Shanghai"', '"Europe/Berlin"', text=TEXT)
    text = edited("from = 2024-07-22\nto = 2024-08-01", "from = 2024-03-25\nto = 2024-03-31", text=text)
    text = edited('"thursday"', '"sunday"', text=edited("starts = 15:30:00", "starts = 02:30:00", text=text))

    sentence = "On 2024-03-31 clocks go forward over this hour in Europe/Berlin. Skip the day, or choose another hour."
    assert refusal(text) == [(line_of("starts = 02:30:00", text=text), "series[0].starts", sentence)]


def test_a_time_without_seconds_gets_a_hint(db):
    with pytest.raises(campfile.CampFileError, match="A time needs its seconds"):
        campfile.read(edited("starts = 15:30:00", "starts = 15:30", text=TEXT), source_name="camp.toml")


def test_a_series_that_moves_to_another_course_with_check_ins_is_refused(camp, refusal):
    make_check_in(Meeting.objects.get(key="rust-1"), make_enrollment(camp, at=NOW))
    text = edited("course = 2\nspeaker", "course = 1\nspeaker", text=TEXT)

    sentence = "Meeting “rust-1” has check-ins (1), so it stays where it is: course = 2."
    assert refusal(text) == [(line_of("course = 1\nspeaker", text=text), "series[0].course", sentence)]


# Whatever the series.

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]
days = st.dates(date(2001, 1, 1), date(2099, 1, 1))
clocks = st.times(datetime.min.time(), time(23, 58)).map(lambda clock: clock.replace(second=0, microsecond=0))


@st.composite
def tables(draw):
    first = draw(days)
    starts, ends = sorted(draw(st.lists(clocks, min_size=2, max_size=2, unique=True)))
    return {
        "key": draw(st.sampled_from(["a", "a-1", "x_9"])),
        "title": draw(st.sampled_from(["Day {}", "1 {} 2", "{}", "T"])),
        "speaker": draw(st.sampled_from(["", "Ada"])),
        "weekdays": [WEEKDAYS[n] for n in sorted(draw(st.sets(st.integers(0, 6), min_size=1)))],
        "from": first, "to": first + timedelta(days=draw(st.integers(0, 40))), "starts": starts, "ends": ends,
        "skip": draw(st.lists(st.integers(0, 40).map(lambda n: first + timedelta(days=n)), max_size=4)),
        "passcode": draw(st.sampled_from(["", "open"])),
    }  # fmt: skip


changes = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["moved", "cancelled", "renamed", "later", "longer", "gone"])),
    max_size=4,
)


def changed(change, number):
    """Do to one of the stored meetings what an organizer may do in the admin."""
    row = list(Meeting.objects.order_by("starts_at"))[number % Meeting.objects.count()]
    if change == "gone":
        return row.delete()
    row.starts_at += {"moved": timedelta(days=3), "later": timedelta(minutes=30)}.get(change, timedelta())
    row.ends_at += {"moved": timedelta(days=3), "longer": timedelta(hours=20)}.get(change, timedelta(minutes=30))
    row.is_cancelled, row.title = change == "cancelled", "Other 2" if change == "renamed" else row.title
    return row.save()


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), changes, st.sampled_from(ZONES))
def test_any_series_with_some_meetings_changed_comes_back(table, changes, zone):
    Meeting.objects.all().delete()
    text = edited('"Asia/Shanghai"', f'"{zone}"', text=SMALL[: SMALL.index("[[meetings]]")])
    try:
        campfile.load(text + text_of({"series": [table]}), source_name="made.toml", at=BEFORE)
    except campfile.CampFileError as error:  # Days without the weekday, and the hour that a clock skips.
        assume(all("Choose" in line or "choose" in line for line in error.lines()))
        return
    for number, change in changes:
        if Meeting.objects.exists():
            changed(change, number)
    before = list(Meeting.objects.values())

    first = campfile.dump(Camp.objects.get())
    report = campfile.load(first, source_name="dump.toml", at=BEFORE)

    assert report.is_unchanged
    assert list(Meeting.objects.values()) == before
    assert campfile.dump(Camp.objects.get()) == first
