"""The classrooms of the demo: lessons that were held, a question hour that runs now, questions with their answers."""

from collections import Counter
from datetime import timedelta
from random import Random

from camp.classrooms.models import Answer, CheckIn, Meeting, Question, Recording, ReminderChoice, Vote
from camp.classrooms.queries import students_of, students_of_classroom
from camp.demo import cast, lessons
from camp.stages.models import Course, CourseProgress

SEED = 2024
QUESTION_HOUR = "question-hour-now"
LENGTH = timedelta(hours=2)
CAME, COMES = 0.62, 0.18  # Of the students: to a lesson that was held, to the question hour until now.


def fill(camp, *, teacher, students, now):
    """Everything around the meetings of a camp whose students are there already."""
    rng = Random(SEED)  # noqa: S311 - invented people
    first, second = Course.objects.filter(camp=camp, max_points__gt=0).order_by("number")[:2]
    _record_what_was_held(camp, now=now)
    hold_question_hour(camp, first, now=now)
    _attend(camp, rng, now=now)
    for course, talks in ((first, lessons.CXX), (second, lessons.RUST)):
        _ask(course, talks, teacher=teacher, rng=rng, now=now)
    # Invented people read no mails: without this the demo's terminal would print hundreds before each lesson.
    ReminderChoice.objects.bulk_create(
        ReminderChoice(user=student, day_before=False, half_hour_before=False) for student in students
    )


def hold_question_hour(camp, course, *, now):
    """The question hour of the demo begins at the last full quarter of an hour, however often it was held before."""
    starts_at = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    times = {"starts_at": starts_at, "ends_at": starts_at + LENGTH}
    told = {"told_starts_at": starts_at, "told_ends_at": starts_at + LENGTH}
    values = {
        "course": course, "kind": Meeting.Kind.QUESTION_HOUR, "title": "C++ 在线答疑", "speaker": "周老师",
        "join_url": "https://example.org/meetings/question-hour", "number": "000 000 001", "passcode": "demo",
    }  # fmt: skip
    Meeting.objects.update_or_create(camp=camp, key=QUESTION_HOUR, defaults=values | times | told)


def _record_what_was_held(camp, *, now):
    """Every meeting that is over has a recording; those of the camp file keep theirs."""
    held = Meeting.objects.filter(camp=camp, ends_at__lte=now, is_cancelled=False, recordings=None)
    Recording.objects.bulk_create(
        Recording(meeting=meeting, url=f"https://example.org/recordings/{meeting.key}", passcode="demo")
        for meeting in held
    )


def _attend(camp, rng, *, now):
    """Check-ins of most students in what was held, of some in what runs now; counted as the services count them."""
    rows = [
        check_in
        for meeting in Meeting.objects.filter(camp=camp, starts_at__lte=now, is_cancelled=False).select_related(
            "course"
        )
        for check_in in _check_ins(meeting, rng, now=now)
    ]
    CheckIn.objects.bulk_create(rows)
    attended = Counter((row.enrollment_id, row.meeting.course_id) for row in rows)
    stored = {(row.enrollment_id, row.course_id): row for row in CourseProgress.objects.filter(enrollment__camp=camp)}
    for key, meetings in attended.items():
        stored.setdefault(key, CourseProgress(enrollment_id=key[0], course_id=key[1])).meetings = meetings
    counted = [stored[key] for key in attended]
    CourseProgress.objects.bulk_create(row for row in counted if row.pk is None)
    CourseProgress.objects.bulk_update([row for row in counted if row.pk], ["meetings"])


def _check_ins(meeting, rng, *, now):
    last = min(now, meeting.ends_at)
    share = CAME if meeting.is_over_at(now) else COMES
    came = {cast.STUDENT: meeting.is_over_at(now)}  # Who signs in as that student joins what runs now by hand.
    for enrollment in students_of(meeting).select_related("student").order_by("pk"):
        if came.get(enrollment.student.handle, rng.random() < share):
            how = rng.choices([CheckIn.How.JOIN, CheckIn.How.CODE], weights=[85, 15])[0]
            at = meeting.opens_at + (last - meeting.opens_at) * rng.betavariate(1.5, 6)
            yield CheckIn(enrollment=enrollment, meeting=meeting, how=how, checked_in_at=at)


def _ask(course, talks, *, teacher, rng, now):
    enrolled = students_of_classroom(course.camp_id, course).select_related("student").order_by("pk")
    people = [enrollment.student for enrollment in enrolled]
    for days_ago, talk in enumerate(talks):
        asked_at = now - timedelta(days=days_ago, hours=rng.randint(1, 9))
        question = Question.objects.create(
            course=course, author=rng.choice(people), title=talk.title, text=talk.text, asked_at=asked_at,
            is_anonymous=talk.is_anonymous, is_pinned=talk.is_pinned,
        )  # fmt: skip
        _vote(question, rng.sample(people, min(len(people), talk.votes)))
        _answer(question, talk, teacher=teacher, student=rng.choice(people))


def _vote(question, people):
    voters = [person for person in people if person != question.author]
    Vote.objects.bulk_create(Vote(question=question, voter=voter) for voter in voters)
    Question.objects.filter(pk=question.pk).update(votes=len(voters))


def _answer(question, talk, *, teacher, student):
    at = question.asked_at + timedelta(minutes=50)
    if talk.from_student:
        Answer.objects.create(question=question, author=student, text=talk.from_student, answered_at=at)
    if talk.from_staff:
        at += timedelta(minutes=40)
        Answer.objects.create(question=question, author=teacher, text=talk.from_staff, is_by_staff=True, answered_at=at)
        question.answered_at, question.answered_by = at, teacher
        question.save(update_fields=["answered_at", "answered_by"])
