"""Loading a file into a camp that people are in: what they did is kept, or the file is refused."""

import pytest

from camp import campfile
from camp.accounts import services as accounts
from camp.camps.models import Camp
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.rankings import rebuild
from camp.stages import services as stage_services
from camp.stages.models import Course, Participation, Requirement
from tests.campfile.sample import SMALL, edited, line_of, without
from tests.factories import (
    NOW,
    make_attempt,
    make_course,
    make_enrollment,
    make_staff_role,
    make_standing,
    make_student,
    make_token,
    make_user,
)  # fmt: skip

REPORT = '    { kind = "item", item = "Report accepted", course = 3 },\n'
LAST_COURSE = ("[[courses]]\nnumber = 3", "[[meetings]]")


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
    enrollment, course = make_enrollment(camp, at=NOW), camp.courses.get(number=1)
    text = without('[[stages.entry]]\nlabel = "Seen', "[[courses]]")
    campfile.load(text, source_name="camp.toml")
    make_attempt(course, login="octo", points=29)
    accounts.link_login(enrollment.student, channel="github", login="octo")

    report = campfile.load(edited("max_points = 30", "max_points = 29", text=text), source_name="camp.toml")

    assert [row.stage.key for row in report.promoted] == ["professional"]
    assert rebuild.rebuild_standings(camp) == []


def test_points_follow_a_maximum_that_is_raised_and_a_date_of_proof(camp, load):
    enrollment, course = make_enrollment(camp, at=NOW), camp.courses.get(number=1)
    make_attempt(course, login="octo", points=29)
    accounts.link_login(enrollment.student, channel="github", login="octo")
    Course.objects.filter(pk=course.pk).update(max_points=10)
    rebuild.rebuild_standings(camp)

    load(edited("max_points = 30", "max_points = 200\nproof_from = 2024-07-01T00:00:00"))

    assert enrollment.standings.get().points == 29
    assert enrollment.progress.get(course=course).points == 0
    assert rebuild.rebuild_standings(camp) == []


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
    make_standing(course, make_enrollment(camp), points=30)

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

    with pytest.raises(campfile.CampFileError, match=r"^meetings\[1\].ends_at: "):
        campfile.load_document(document)

    assert Camp.objects.get().name == "Summer camp"
