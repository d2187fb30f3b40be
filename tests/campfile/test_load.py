from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from camp import campfile
from camp.camps.models import Camp, Organization
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import ApplicationQuestion, Enrollment
from camp.rankings.models import Exercise, Standing
from camp.stages import services as stage_services
from camp.stages.models import Announcement, Course, Participation, Requirement, RequirementGroup, Stage
from tests.campfile.sample import SMALL, edited, line_of, without
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_staff_role,
    make_student,
    make_token,
    make_user,
)  # fmt: skip

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
         "requirement group “C++ or Rust”: needed: 1 → 2"),
        ("points = 60", "points = 50", "requirement “Rust: 50”: points: 60.000 → 50"),
        ('label = "Seen in class"', 'label = "In class"',
         "requirement group “In class”: label: Seen in class → In class"),
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


# What people did is kept.


def test_tick_of_staff_survives_a_reordered_and_renamed_group(camp, load):
    enrollment = make_enrollment(camp, at=NOW)
    item = Requirement.objects.get(kind="item")
    stage_services.tick_item(item, enrollment, by=make_user())
    text = edited(REPORT, "")
    text = edited("requirements = [\n", "requirements = [\n" + REPORT, text=text)
    text = edited('label = "C++ or Rust"', 'label = "One of three"', text=text)

    load(text)

    assert item.ticks.count() == 1
    assert Requirement.objects.get(kind="item").position == 0


def test_students_enter_when_a_rule_is_eased(camp, load):
    enrollment = make_enrollment(camp, at=NOW)
    stage_services.record_points(enrollment, camp.courses.get(number=2), 50, at=NOW)
    text = without('[[stages.entry]]\nlabel = "Seen', "[[courses]]", text=edited("points = 60", "points = 50"))

    report = campfile.load(text, source_name="camp.toml")

    assert [row.stage.key for row in report.promoted] == ["professional"]
    assert list(report.lines())[-1] == "1 student entered a stage."
    assert Participation.objects.get(stage__key="professional").is_by_rule


def test_students_enter_when_a_maximum_falls_to_what_they_have(camp):
    enrollment = make_enrollment(camp, at=NOW)
    text = without('[[stages.entry]]\nlabel = "Seen', "[[courses]]")
    campfile.load(text, source_name="camp.toml")
    stage_services.record_points(enrollment, camp.courses.get(number=1), 29, at=NOW)

    report = campfile.load(edited("max_points = 30", "max_points = 29", text=text), source_name="camp.toml")

    assert [row.stage.key for row in report.promoted] == ["professional"]


def test_new_stage_without_a_rule_takes_everybody(camp):
    make_enrollment(camp, at=NOW)
    stage = '[[stages]]\nkey = "extra"\nname = "Extra"\nkind = "project"\n'
    dates = "opens_at = 2024-08-17 20:00:00\ncloses_at = 2024-09-29 20:00:00\n\n"

    report = campfile.load(edited("[[courses]]", stage + dates + "[[courses]]"), source_name="camp.toml")

    assert [row.stage.key for row in report.promoted] == ["extra"]


def test_raised_capacity_gives_seats_to_the_waiting_list(camp):
    for _seat in range(5):
        enrollment_services.apply(camp, student=make_student(), at=NOW)

    report = campfile.load(edited("capacity = 3", "capacity = 4"), source_name="camp.toml", at=NOW)

    assert len(report.admitted) == 1
    assert list(report.lines())[-1] == "1 student of the waiting list has a seat now."
    assert Enrollment.objects.waiting().count() == 1


def test_no_limit_admits_the_whole_waiting_list(camp):
    for _seat in range(5):
        enrollment_services.apply(camp, student=make_student(), at=NOW)

    report = campfile.load(edited("capacity = 3\n", ""), source_name="camp.toml", at=NOW)

    assert len(report.admitted) == 2


# What is refused because people are in the camp.


def test_upload_id_of_another_camp_is_refused(db, refusal):
    other = make_course(number=5, upload_id=9002)

    found = refusal(SMALL)

    address = f"{other.camp.organization.slug}/summer"
    sentence = f"9002 is the upload id of course 5 in {address}. Choose another."
    assert found == [(line_of("upload_id = 9002"), "courses[1].upload_id", sentence)]
    assert Camp.objects.count() == 1


def test_capacity_below_the_seats_taken_is_refused(camp, refusal):
    make_enrollment(camp, at=NOW)
    make_enrollment(camp, at=NOW)

    found = refusal(edited("capacity = 3", "capacity = 1"))

    assert found == [(line_of("capacity = 3"), "camp.capacity", "2 seats are taken already. Write at least that many.")]


def test_maximum_below_what_a_student_has_is_refused(camp, refusal):
    course = camp.courses.get(number=1)
    attempt = make_attempt(course, points=30)
    Standing.objects.create(course=course, enrollment=make_enrollment(camp), points=30, reached_at=NOW, best=attempt)

    found = refusal(edited("max_points = 30", "max_points = 20"))

    sentence = "A student has 30 points in this course already. Write at least that many."
    assert found == [(line_of("max_points = 30"), "courses[0].max_points", sentence)]


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (lambda course: make_attempt(course), "uploads"),
        (lambda course: course.staff.add(make_staff_role(course.camp)), "staff narrowed to it"),
        (lambda course: stage_services.record_meetings(make_enrollment(course.camp), course, 1), "points of students"),
    ],
)
def test_course_in_use_is_not_removed(camp, refusal, use, what):
    use(camp.courses.get(number=3))
    text = edited(REPORT, "", text=without(*LAST_COURSE))

    found = refusal(text)

    sentence = f"Course 3 is no longer in the file, but it has {what}. Put it back."
    assert found == [(line_of("[[courses]]", text=text), "courses", sentence)]
    assert camp.courses.count() == 3


def test_course_with_an_upload_token_is_not_removed(camp, refusal):
    make_token(camp.courses.get(number=2))
    text = edited('    { kind = "points", course = 2, points = 60 },\n', "")
    text = without("[[courses]]\nnumber = 2", "[[courses]]\nnumber = 3", text=text)

    found = refusal(text)

    sentence = "Course 2 is no longer in the file, but it has upload tokens. Put it back."
    assert found == [(line_of("[[courses]]", text=text), "courses", sentence)]


def test_stage_with_students_is_not_removed(camp, refusal):
    make_enrollment(camp, at=NOW)
    text = edited('key = "foundation"', 'key = "first"').replace('stage = "foundation"', 'stage = "first"')

    found = refusal(text)

    sentence = "Stage “foundation” is no longer in the file, but 1 student is or was in it. Put it back."
    assert found == [(line_of("[[stages]]"), "stages", sentence)]


def test_ticked_item_is_not_removed(camp, refusal):
    stage_services.tick_item(Requirement.objects.get(kind="item"), make_enrollment(camp, at=NOW), by=make_user())

    found = refusal(edited('item = "Report accepted"', 'item = "Report"'))

    sentence = "The item “Report accepted” is no longer in the file, but is ticked (1 times). Put it back."
    assert found == [(line_of('[[stages]]\nkey = "professional"'), "stages[1]", sentence)]


def test_answered_question_is_not_removed(camp, refusal):
    enrollment_services.apply(camp, student=make_student(), answers={"motivation": "Compilers"}, at=NOW)

    found = refusal(without('[[questions]]\nkey = "motivation"', "[[stages]]"))

    sentence = "Question “motivation” is no longer in the file, but has answers (1). Put it back."
    assert found == [(line_of("[[questions]]"), "questions", sentence)]


def test_refusals_are_reported_together_and_nothing_is_done(camp, refusal):
    make_enrollment(camp, at=NOW)
    make_enrollment(camp, at=NOW)
    make_attempt(camp.courses.get(number=3))
    text = edited("capacity = 3", "capacity = 1", text=edited(REPORT, "", text=without(*LAST_COURSE)))
    text = edited('name = "Summer camp"', 'name = "Another"', text=text)

    found = refusal(text)

    assert [path for _line, path, _sentence in found] == ["camp.capacity", "courses"]
    assert Camp.objects.get().name == "Summer camp"


def test_refusal_of_the_last_row_undoes_the_first(camp):
    document = campfile.read(edited('name = "Summer camp"', 'name = "Another"'), source_name="camp.toml")
    document.meetings[1].ends_at = document.meetings[1].starts_at  # What `read` would have refused.

    with pytest.raises(campfile.CampFileError, match=r"^meetings\[1\]: "):
        campfile.load_document(document)

    assert Camp.objects.get().name == "Summer camp"


def test_camp_of_another_organization_with_the_same_slug_is_left_alone(db, load):
    other = make_camp("summer")

    load(SMALL)

    other.refresh_from_db()
    assert (Camp.objects.count(), other.name) == (2, "Summer camp")
    assert other.ends_at - other.starts_at == timedelta(days=80)
