from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from camp import campfile
from camp.camps.models import Camp, Organization
from camp.enrollment.models import ApplicationQuestion
from camp.rankings.models import Exercise
from camp.stages.models import Announcement, Course, Requirement, RequirementGroup, Stage
from tests.campfile.sample import SMALL, edited, without
from tests.factories import make_camp

REPORT = '    { kind = "item", item = "Report accepted", course = 3 },\n'
LAST_COURSE = ("[[courses]]\nnumber = 3", "[[meetings]]")


def counts():
    models = (Organization, Camp, Stage, Course, Exercise, RequirementGroup, Requirement, Announcement)
    return [model.objects.count() for model in models]


# What a file makes.


def test_load_makes_the_whole_camp(camp):
    assert counts() == [1, 1, 2, 3, 33, 2, 4, 2]
    assert [project.name for project in camp.organization.support_projects.all()] == ["Anchor", "Buoy"]
    assert [link.title for link in camp.links.all()] == ["Discussions", "Guide"]
    assert [entry.answer for entry in camp.faq_entries.all()] == ["Yes.", "Yes, all of it."]
    assert [question.options for question in camp.questions.all()] == [["C++", "Rust"], []]
    assert [meeting.course and meeting.course.number for meeting in camp.meetings.all()] == [None, 1]


def test_local_time_is_read_in_the_zone_of_the_camp(camp):
    assert camp.starts_at == datetime(2024, 7, 5, 16, 0, tzinfo=UTC)


def test_time_with_an_offset_is_read_as_it_says(camp):
    announcement = camp.announcements.get(title="Lessons begin")

    assert announcement.published_at == datetime(2024, 7, 20, 8, 0, tzinfo=UTC)


def test_exercises_of_a_pattern_are_named_in_order(camp):
    names = [exercise.name for exercise in camp.courses.get(number=1).exercises.all()]

    assert names == [f"exercise{number:02}" for number in range(30)]


def test_maximum_may_have_decimals(camp):
    assert camp.courses.get(number=2).max_points == Decimal("94.5")


def test_entry_rule_keeps_the_order_of_the_file(camp):
    rows = Requirement.objects.filter(group__stage__key="professional").order_by("group__position", "position")

    asked = [(row.kind, row.course and row.course.number, row.points, row.item, row.meetings) for row in rows]
    assert asked == [
        ("points", 1, None, "", None), ("points", 2, 60, "", None), ("item", 3, None, "Report accepted", None),
        ("attendance", None, None, "", 2),
    ]  # fmt: skip


# Loading again.


def test_loading_again_changes_nothing(camp):
    history = camp.history.count()

    report = campfile.load(SMALL, source_name="camp.toml")

    assert report.is_unchanged
    assert counts() == [1, 1, 2, 3, 33, 2, 4, 2]
    assert camp.history.count() == history


def test_loading_again_says_what_was_left(camp):
    report = campfile.load(SMALL, source_name="camp.toml")

    assert list(report.lines()) == [
        "left as they were: organization (1), support project (2), camp (1), link (2), FAQ entry (2), "
        "application question (2), stage (2), course (3), requirement group (2), requirement (4), meeting (2), "
        "announcement (2)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "Summer camp"', 'name = "Camp of 2024"', "camp summer: name: Summer camp → Camp of 2024"),
        ("capacity = 3", "capacity = 4", "camp summer: capacity: 3 → 4"),
        ("capacity = 3\n", "", "camp summer: capacity: 3 → –"),
        ("capacity = 3", 'capacity = 3\ncontact = "a@example.org"', "camp summer: contact: – → a@example.org"),
        ("starts_at = 2024-07-06 00:00:00", "starts_at = 2024-07-06 08:00:00",
         "camp summer: starts_at: 2024-07-06 00:00:00 → 2024-07-06 08:00:00"),
        ("groups/summer", "groups/other", "camp summer: group_link: changed (a secret)"),
        ('answer = "Yes."', f'answer = "{"Yes. " * 20}"',
         "FAQ entry “Is it free?”: answer: rewritten (4 → 99 characters)"),
        ('["C++", "Rust"]', '["C++", "Go"]', "application question languages: options: C++, Rust → C++, Go"),
        ("max_points = 30", "max_points = 31", "course 1: max_points: 30.000 → 31"),
        ("upload_id = 9001", "upload_id = 9003", "course 1: upload_id: 9001 → 9003"),
        ("to = 29", "to = 33", "course 1: exercises: 30 (exercise00 … exercise29) → 34 (exercise00 … exercise33)"),
        ("needed = 1\nrequirements = [\n", "needed = 2\nrequirements = [\n",
         "requirement group “Professional: C++ or Rust”: needed: 1 → 2"),
        ("points = 60", "points = 50", "requirement “Rust: 50”: points: 60.000 → 50"),
        ('label = "Seen in class"', 'label = "In class"',
         "requirement group “Professional: In class”: label: Seen in class → In class"),
        ('course = 1\nspeaker', 'course = 2\nspeaker', "meeting cxx-1: course: C++ → Rust"),
        ('body = "Hello."', 'body = "Welcome."', "announcement “Welcome”: body: Hello. → Welcome."),
        ('slug = "summer"', 'slug = "Summer"', "camp Summer: slug: summer → Summer"),
        ('slug = "Harbour"', 'slug = "harbour"', "organization harbour: slug: Harbour → harbour"),
    ],
)  # fmt: skip
def test_change_is_reported_with_old_and_new(camp, load, old, new, line):
    report = load(edited(old, new))

    assert report == {"created": [], "changed": [line], "removed": []}


def test_line_ends_of_a_browser_are_no_change(camp):
    camp.organization.description = camp.organization.description.replace("\n", "\r\n")
    camp.organization.save()

    assert campfile.load(SMALL, source_name="camp.toml").is_unchanged


def test_what_has_no_consequences_is_removed(camp, load):
    text = without('[[links]]\ntitle = "Guide"', "[[faq]]")
    text = without('[[faq]]\nquestion = "Is it free?"', '[[faq]]\nquestion = "Is it online?"', text=text)
    text = without('[[questions]]\nkey = "motivation"', "[[stages]]", text=text)
    text = edited(REPORT, "", text=text)
    text = without(*LAST_COURSE, text=text)
    text = without('[[meetings]]\nkey = "cxx-1"', "[[announcements]]", text=text)
    text = without('[[announcements]]\ntitle = "Welcome"', '[[announcements]]\ntitle = "Lessons', text=text)

    report = load(text)

    assert report == {
        "created": [], "changed": [],
        "removed": [
            "announcement “Welcome”", "meeting cxx-1", "requirement “Report accepted”", "course 3",
            "application question motivation", "FAQ entry “Is it free?”", "link “Guide”",
        ],
    }  # fmt: skip
    assert ApplicationQuestion.objects.count() == 1


def test_stage_goes_with_its_courses_and_its_rule(camp, load):
    text = without('[[stages]]\nkey = "professional"', "[[courses]]")
    text = without(*LAST_COURSE, text=text)

    report = load(text)

    assert report["removed"][-2:] == ["course 3", "stage professional"]
    assert counts() == [1, 1, 1, 2, 33, 0, 0, 2]


def test_order_of_the_file_is_kept(camp, load):
    guide = '[[links]]\ntitle = "Guide"\nurl = "https://example.org/guide"\n\n'
    text = edited("[[links]]", guide + "[[links]]", text=edited(guide, ""))

    report = load(text)

    assert report["changed"] == ["link “Guide”: position: 1 → 0", "link “Discussions”: position: 0 → 1"]
    assert [link.title for link in camp.links.all()] == ["Guide", "Discussions"]


def test_new_one_at_the_end_moves_nobody(camp, load):
    report = load(edited("[[questions]]", '[[faq]]\nquestion = "New?"\nanswer = "Yes."\n\n[[questions]]'))

    assert report == {"created": ["FAQ entry “New?”"], "changed": [], "removed": []}
    assert [entry.position for entry in camp.faq_entries.all()] == [0, 1, 2]


def test_organization_keeps_what_the_file_does_not_say(camp, load):
    text = edited('summary = "Ships and compilers."\n', "")
    text = without("projects = [", "[camp]\nslug", text=text)

    report = load(text)

    assert report == {"created": [], "changed": [], "removed": []}
    assert camp.organization.support_projects.count() == 2


def test_two_courses_swap_their_upload_ids(camp, load):
    text = edited("9001", "X", text=edited("9002", "9001", text=edited("9001", "0"))).replace("= 0\nmax", "= 9002\nmax")

    report = load(text.replace("X", "9001"))

    assert report["changed"] == ["course 1: upload_id: 9001 → 9002", "course 2: upload_id: 9002 → 9001"]
    assert dict(Course.objects.values_list("number", "upload_id")) == {1: 9002, 2: 9001, 3: None}


def test_upload_id_moves_from_a_removed_course_to_a_new_one(camp, load):
    text = edited("number = 1\n", "number = 4\n").replace("course = 1", "course = 4")

    report = load(text)

    assert "course 4" in report["created"]
    assert dict(Course.objects.values_list("number", "upload_id")) == {2: 9002, 3: None, 4: 9001}


def test_announcements_of_one_title_keep_their_texts(camp, load):
    text = edited('title = "Lessons begin"', 'title = "Welcome"', text=SMALL)
    load(text)

    assert campfile.load(text, source_name="camp.toml").is_unchanged


def test_camp_of_another_organization_with_the_same_slug_is_left_alone(db, load):
    other = make_camp("summer")

    load(SMALL)

    other.refresh_from_db()
    assert (Camp.objects.count(), other.name) == (2, "Summer camp")
    assert other.ends_at - other.starts_at == timedelta(days=80)
