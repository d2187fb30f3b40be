"""Every mistake that a file can have by itself: its line, its path, its sentence."""

import pytest

from camp import campfile
from camp.camps.models import Camp, Organization
from tests.campfile.sample import edited, line_of, without
from tests.campfile.test_series import TEXT as WITH_SERIES

pytestmark = pytest.mark.django_db

STAGE_TWICE = """\
[[stages]]
key = "foundation"
name = "Again"
kind = "project"
opens_at = 2024-08-17 20:00:00
closes_at = 2024-09-29 20:00:00

[[courses]]
number = 1"""
COURSE_TWICE = """\
[[courses]]
number = 1
stage = "foundation"
name = "Again"

[[meetings]]"""
WINDOW = """upload_id = 9002
upload_opens_at = 2024-07-22 00:00:00
upload_closes_at = 2024-07-21 00:00:00"""

# What is replaced, by what, the path of the mistake, how its sentence begins.
MISTAKES = [
    ('slug = "Harbour"', 'slug = "har bour"', "organization.slug", "Use letters, digits, hyphens"),
    ('slug = "Harbour"', 'slug = "Admin"', "organization.slug", "“Admin” is an address of the site itself."),
    ('slug = "Harbour"', "slug = 7", "organization.slug", "Write a text in quotes."),
    ('slug = "summer"', 'slug = "夏季"', "camp.slug", "Use letters, digits, hyphens and underscores."),
    ('name = "Buoy"', 'name = "Anchor"', "organization.projects[1].name", "“Anchor” stands here twice."),
    ('name = "Buoy", ', "", "organization.projects[1]", "The key “name” is missing."),
    ('field = "Signals"', 'feild = "Signals"', "organization.projects[1].feild",
     "There is no key “feild” here. Did you mean “field”?"),
    ('name = "Summer camp"', f'name = "{"x" * 121}"', "camp.name", "Ensure this value has at most 120 characters"),
    ('name = "Summer camp"', 'name = ""', "camp.name", "This field cannot be blank."),
    ('name = "Summer camp"', 'name = "a\\nb"', "camp.name", "Take out the line breaks"),
    ('name = "Summer camp"', 'name = "a\\u0000b"', "camp.name", "Take out the line breaks and control characters"),
    ('"Asia/Shanghai"', '"Asia/Beijing"', "camp.time_zone", "“Asia/Beijing” is not a time zone we know."),
    ('"#0b6e6e"', '"#ffff00"', "camp.accent", "This colour is too light to carry white text."),
    ('"#0b6e6e"', '"teal"', "camp.accent", "Write the colour as #rrggbb."),
    ("registration_closes_at = 2024-08-04 23", "registration_closes_at = 2024-01-04 23", "camp.registration_closes_at",
     "This must be later than “registration_opens_at”."),
    ("ends_at = 2024-09-29 23:59:59", "ends_at = 2024-07-06 00:00:00", "camp.ends_at",
     "This must be later than “starts_at”."),
    ("ends_at = 2024-09-29 23:59:59", "ends_at = 2024-09-29", "camp.ends_at",
     "Write a date and a time without quotes, such as 2024-09-29 20:00:00."),
    ("ends_at = 2024-09-29 23:59:59", 'ends_at = "2024-09-29"', "camp.ends_at", "Write a date and a time"),
    ("ends_at = 2024-09-29 23:59:59", "ends_at = 0001-01-01 00:00:00", "camp.ends_at", "Write a year from 2000"),
    ("ends_at = 2024-09-29 23:59:59", "ends_at = 9999-12-31T23:59:59-12:00", "camp.ends_at", "Write a year from 2000"),
    ("capacity = 3", "capacity = 0", "camp.capacity", "Ensure this value is greater than or equal to 1."),
    ("capacity = 3", 'capacity = "3"', "camp.capacity", "Write a whole number without quotes."),
    ("capacity = 3", "capacity = true", "camp.capacity", "Write a whole number without quotes."),
    ("capacity = 3", "capacity = 3.5", "camp.capacity", "Write a whole number without quotes."),
    ("capacity = 3", "capacity = 2147483648", "camp.capacity", "Write a number from 0 to 2147483647."),
    ("capacity = 3", "capcity = 3", "camp.capcity", "There is no key “capcity” here. Did you mean “capacity”?"),
    ("capacity = 3", 'contact = "the office"', "camp.contact", "Write an e-mail address, or the address of a page"),
    ("capacity = 3", "people = 3", "camp.people", "There is no key “people” here. The keys are: slug, name,"),
    ('"https://example.org/groups/summer"', '"javascript:alert(1)"', "camp.group_link", "Write an address that begins"),
    ('"https://example.org/groups/summer"', '"http://"', "camp.group_link", "Write an address that begins"),
    ('title = "Guide"', 'title = "Discussions"', "links[1].title", "“Discussions” stands here twice."),
    ('question = "Is it online?"', 'question = "Is it free?"', "faq[1].question", "“Is it free?” stands here twice."),
    ('key = "motivation"', 'key = "languages"', "questions[1].key", "“languages” stands here twice."),
    ('kind = "choices"', 'kind = "choises"', "questions[0].kind",
     "“choises” is none of: text, long_text, choice, choices. Did you mean “choices”?"),
    ('kind = "long_text"', 'kind = "choice"', "questions[1]", "A question with choices needs “options”."),
    ('kind = "choices"', 'kind = "text"', "questions[0].options", "Only a question of kind choice or choices"),
    ('["C++", "Rust"]', '["C++", "C++"]', "questions[0].options", "An option stands here twice."),
    ('["C++", "Rust"]', '["C++", 3]', "questions[0].options", "Write a list of texts"),
    ("is_required = true", 'is_required = "yes"', "questions[1].is_required", "Write true or false, without quotes."),
    ("[[courses]]\nnumber = 1", STAGE_TWICE, "stages[2].key", "“foundation” stands here twice."),
    ("closes_at = 2024-08-17 20:00:00", "closes_at = 2024-08-05 00:00:00", "stages[1].closes_at", "This must be later"),
    ('"https://example.org/groups/professional"', '"ftp://example.org/x"', "stages[1].group_link", "Write an address"),
    ('label = "C++ or Rust"\nneeded = 1', 'label = "C++ or Rust"\nneeded = 4', "stages[1].entry[0].needed",
     "4 are needed, but the group has 3. Nobody could enter the stage."),
    ('label = "C++ or Rust"\nneeded = 1', 'label = "C++ or Rust"\nneeded = 0', "stages[1].entry[0].needed",
     "Ensure this value is greater than or equal to 1."),
    ("course = 2, points", "course = 9, points", "stages[1].entry[0].requirements[1].course",
     "There is no course 9. The courses are: 1, 2, 3."),
    ("course = 2, points", 'course = "Rust", points', "stages[1].entry[0].requirements[1].course",
     "Write a whole number without quotes."),
    ("points = 60", "points = 95", "stages[1].entry[0].requirements[1].points", "Course 2 has only 94.5 points"),
    ("points = 60", "points = 0", "stages[1].entry[0].requirements[1].points", "Everybody would meet this"),
    ("points = 60", "points = nan", "stages[1].entry[0].requirements[1].points",
     "Write a number that is not negative."),
    ("points = 60", "points = 0.0001", "stages[1].entry[0].requirements[1].points",
     "Ensure that there are no more than 3 decimal places."),
    ("course = 1 },", "course = 3 },", "stages[1].entry[0].requirements[0]", "Everybody would meet this"),
    ('"points", course = 1 }', '"points" }', "stages[1].entry[0].requirements[0]",
     "A requirement of kind “points” needs the key “course”."),
    ('item = "Report accepted", ', "", "stages[1].entry[0].requirements[2]", "A requirement of kind “item” needs"),
    ("meetings = 2", "meetings = 2, points = 3", "stages[1].entry[1].requirements[0].points",
     "A requirement of kind “attendance” has no key “points”."),
    ("meetings = 2", "meetings = 40000", "stages[1].entry[1].requirements[0].meetings",
     "Write a number from 0 to 32767."),
    ("[[meetings]]", COURSE_TWICE, "courses[3].number", "“1” stands here twice."),
    ("number = 3", "number = 0", "courses[2].number", "Ensure this value is greater than or equal to 1."),
    ("upload_id = 9002", "upload_id = 9001", "courses[1].upload_id", "“9001” stands here twice."),
    ("upload_id = 9002", WINDOW, "courses[1].upload_closes_at", "This must be later than “upload_opens_at”."),
    ("max_points = 30", "max_points = -1", "courses[0].max_points", "Write a number that is not negative."),
    ("max_points = 30", "max_points = 1e30", "courses[0].max_points", "Ensure that there are no more than 9 digits"),
    ('stage = "professional"\nname', 'stage = "profesional"\nname', "courses[2].stage",
     "There is no stage “profesional”. Did you mean “professional”?"),
    ('"intro1", "intro2"', '"intro1", "intro1"', "courses[1].exercises[1]", "The exercise “intro1” stands here twice."),
    ('"intro1", "intro2"', '"intro1", 2', "courses[1].exercises[1]", "Write a name of 1 to 120 characters."),
    ('["intro1", "intro2", "quiz"]', '"intro"', "courses[1].exercises", "Write a list of names, or { pattern ="),
    ("exercise{:02}", "exercise", "courses[0].exercises.pattern", "Write a text with the number's place once: {}"),
    ("exercise{:02}", "{0.__class__}", "courses[0].exercises.pattern", "Write a text with the number's place once"),
    ("from = 0, to = 29", "from = 3, to = 2", "courses[0].exercises.to", "“to” must not be before “from”"),
    ("from = 0, to = 29", "from = 0, to = 5000", "courses[0].exercises.to", "“to” must not be before “from”"),
    ("from = 0, to = 29", "from = 0", "courses[0].exercises", "The key “to” is missing."),
    ("from = 0, to = 29", "from = 0, too = 29", "courses[0].exercises.too", "There is no key “too” here. Did you mean"),
    ('"intro2"', '{ name = "intro2", was = ["intro1"] }', "courses[1].exercises[1].was[0]",
     "The exercise “intro1” stands here twice."),
    ('"intro1", "intro2"', '{ name = "intro1", was = ["intro2"] }, "intro2"', "courses[1].exercises[1]",
     "The exercise “intro2” stands here twice."),
    ('"intro2"', '{ name = "b", was = ["b"] }', "courses[1].exercises[1].was[0]", "The exercise “b” stands here"),
    ('"intro2"', '{ name = "b", was = ["a", "a"] }', "courses[1].exercises[1].was[1]", "The exercise “a” stands here"),
    ('"intro2"', '{ name = "b", was = "a" }', "courses[1].exercises[1].was", "Write a list of former names, such as"),
    ('"intro2"', '{ name = "b", was = [] }', "courses[1].exercises[1].was", "Write a list of former names, such as"),
    ('"intro2"', '{ name = "b", was = [""] }', "courses[1].exercises[1].was[0]", "Write a name of 1 to 120"),
    ('"intro2"', '{ name = 2, was = ["a"] }', "courses[1].exercises[1].name", "Write a name of 1 to 120 characters."),
    ('"intro2"', '{ name = "b" }', "courses[1].exercises[1]", "The key “was” is missing."),
    ('"intro2"', '{ name = "b", wass = ["a"] }', "courses[1].exercises[1].wass",
     "There is no key “wass” here. Did you mean “was”?"),
    ("upload_id = 9002", "proof_from = 2024-07-22", "courses[1].proof_from", "Write a date and a time without quotes"),
    ('key = "cxx-1"', 'key = "opening"', "meetings[1].key", "“opening” stands here twice."),
    ('course = 1\nspeaker', 'course = 7\nspeaker', "meetings[1].course", "There is no course 7."),
    ("ends_at = 2024-07-20 21:30:00", "ends_at = 2024-07-20 19:30:00", "meetings[0].ends_at", "This must be later"),
    ('kind = "ceremony"', 'kind = "party"', "meetings[0].kind", "“party” is none of: lesson, ceremony,"),
    ('stage = "foundation"\npublished', 'stage = "first"\npublished', "announcements[1].stage",
     "There is no stage “first”."),
    ('title = "Welcome"\n', "", "announcements[0]", "The key “title” is missing."),
    ("[[announcements]]\ntitle = \"Welcome\"", "[[anouncements]]\ntitle = \"Welcome\"", "anouncements",
     "There is no key “anouncements” here. Did you mean “announcements”?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "sentence"), MISTAKES)
def test_mistake_is_reported_with_its_place(refusal, old, new, path, sentence):
    text = edited(old, new)

    found = refusal(text)

    assert [(where, words.startswith(sentence)) for _line, where, words in found] == [(path, True)]
    assert Organization.objects.count() == Camp.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("capacity = 3", "capcity = 3", "capcity"),
        ('field = "Signals"', 'feild = "Signals"', "feild"),
        ("course = 2, points", "course = 9, points", "course = 9"),
        ("meetings = 2", "meetings = 0", "requirements = [{ kind = \"attendance\""),
        ("from = 0, to = 29", "from = 0, too = 29", "too = 29"),
        ('title = "Welcome"\n', "", '[[announcements]]\npublished_at'),
        ("ends_at = 2024-07-20 21:30:00", "ends_at = 2024-07-20 19:30:00", "ends_at = 2024-07-20 19:30:00"),
    ],
)  # fmt: skip
def test_mistake_names_its_line(refusal, old, new, fragment):
    text = edited(old, new)

    found = refusal(text)

    assert [line for line, _path, _sentence in found] == [line_of(fragment, text=text)]


def test_all_mistakes_are_reported_together_in_the_order_of_their_lines(refusal):
    text = edited("capacity = 3", "capcity = 3")
    text = edited("course = 2, points", "course = 9, points", text=text)
    text = edited('"https://example.org/groups/professional"', '"ftp://x"', text=text)
    text = edited("ends_at = 2024-07-22 15", "ends_at = 2024-07-22 13", text=text)

    found = refusal(text)

    assert [path for _line, path, _sentence in found] == [
        "camp.capcity", "stages[1].group_link", "stages[1].entry[0].requirements[1].course", "meetings[1].ends_at"
    ]  # fmt: skip


def test_all_mistakes_of_a_series_are_told_at_once(db, refusal):
    text = edited('    "monday",', '    "fryday",', text=edited("ends = 16:30:00", "ends = 15:00:00", text=WITH_SERIES))
    text = edited('"https://meet.example.org/rust"', '"meet.example.org"', text=text)

    assert [(path, sentence) for _line, path, sentence in refusal(text)] == [
        ("series[0].weekdays[0]",
         "“fryday” is none of: monday, tuesday, wednesday, thursday, friday, saturday, sunday."
         " Did you mean “friday”?"),
        ("series[0].ends", "The end must come after the beginning, on the same day."),
        ("series[0].join_url", "Write an address that begins with https:// or http://."),
    ]  # fmt: skip


def test_error_text_has_a_line_for_each_mistake():
    with pytest.raises(campfile.CampFileError) as caught:
        campfile.load(edited("capacity = 3", "capcity = 3"), source_name="examples/x.toml")

    line = line_of("capacity = 3")
    sentence = "There is no key “capcity” here. Did you mean “capacity”?"
    assert str(caught.value) == f"examples/x.toml:{line}: camp.capcity: {sentence}"


def test_missing_tables_are_named(refusal):
    assert refusal("[[links]]\ntitle = 'a'\nurl = 'https://example.org'\n") == [
        (1, "", "The table [organization] is missing."), (1, "", "The table [camp] is missing.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "sentence"),
    [
        (edited("[camp]\nslug", "[[camp]]\nslug"), "camp", "Write a table here, not a single value"),
        (edited("[organization]", "links = 3\n\n[organization]", text=without("[[links]]", "[[faq]]")), "links",
         "Write a list here. A list of tables has two brackets for each: [[links]]."),
        (edited("[organization]", "links = [3]\n\n[organization]", text=without("[[links]]", "[[faq]]")), "links[0]",
         "Write a table here"),
        (edited("requirements = [{ kind = \"attendance\", meetings = 2 }]", "requirements = 2"),
         "stages[1].entry[1].requirements", "Write a list here."),
    ],
)  # fmt: skip
def test_table_and_list_are_not_confused(refusal, text, path, sentence):
    assert [(where, words.startswith(sentence)) for _line, where, words in refusal(text)] == [(path, True)]


def test_hour_that_the_clock_skips_is_refused(refusal):
    text = edited('"Asia/Shanghai"', '"Europe/Berlin"')
    text = edited("starts_at = 2024-07-06 00:00:00", "starts_at = 2024-03-31 02:30:00", text=text)

    assert refusal(text) == [
        (line_of("starts_at = 2024-03-31", text=text), "camp.starts_at",
         "This hour does not exist in Europe/Berlin: clocks go forward. Write another.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", "camp.toml:1: The file is empty."),
        (" \n\n", "camp.toml:1: The file is empty."),
        ("[camp]\nslug = \n", "camp.toml:2:8: This is not TOML: Invalid value."),
        ('[camp]\nslug = "a', "camp.toml:2: This is not TOML: Unterminated string."),
        ("[camp]\nstarts_at = 2024-07-06 00:00\n", "camp.toml:2:24: This is not TOML: Expected newline"),
        ("starts_at = 2024-02-30 00:00:00\n", "camp.toml:1:13: This is not TOML: Invalid date or datetime."),
        ("[camp]\n[camp]\n", "camp.toml:2:6: This is not TOML: Cannot declare"),
        ("a = 1\na = 2\n", "camp.toml:2:6: This is not TOML: Cannot overwrite a value."),
        ("a = “b”\n", "camp.toml:1:5: This is not TOML: Invalid value. Quotes, commas and equals signs"),
        ("a = " + "[" * 9000, "camp.toml:1: Lists or tables are nested too deep."),
        ("a = " + "9" * 5000, "camp.toml:1: A number has too many digits."),
        ("a = 1e99999999999999999999", "camp.toml:1: A number has too many digits."),
        ("a" * (1024 * 1024 + 1), "camp.toml:1: The file is larger than 1 MiB."),
        ("天" * (400 * 1024), "camp.toml:1: The file is larger than 1 MiB."),
    ],
)
def test_what_is_no_toml_is_refused(text, start):
    with pytest.raises(campfile.CampFileError) as caught:
        campfile.load(text, source_name="camp.toml")

    assert str(caught.value).startswith(start)


def test_time_without_seconds_gets_a_hint():
    with pytest.raises(campfile.CampFileError, match="A time needs its seconds: 20:00:00."):
        campfile.load("[camp]\nstarts_at = 2024-07-06 00:00\n", source_name="camp.toml")


def test_file_that_is_not_utf_8_is_refused():
    data = "[camp]\nname = '训练营'\n".encode("gbk")

    with pytest.raises(campfile.CampFileError) as caught:
        campfile.decode(data, source_name="camp.toml")

    assert str(caught.value) == "camp.toml:2: This is not UTF-8. Save the file as UTF-8 again."


def test_huge_file_is_refused():
    with pytest.raises(campfile.CampFileError, match="larger than 1 MiB"):
        campfile.decode(b"#" * (1024 * 1024 + 1), source_name="camp.toml")


def test_byte_order_mark_is_read_over():
    assert campfile.decode(b"\xef\xbb\xbfa = 1", source_name="camp.toml") == "a = 1"
