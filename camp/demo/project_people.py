"""The people of the demo's project stages: mentors with their projects, and students who earned their place in it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress

from camp.accounts.models import Identity, User
from camp.camps.models import StaffRole
from camp.classrooms.models import ReminderChoice
from camp.demo import people, population
from camp.demo.beginnings import let_stages_begin
from camp.enrollment import services as enrollment
from camp.enrollment.models import ApplicationQuestion
from camp.projects.models import Mentor
from camp.rankings.models import Attempt
from camp.stages.models import Course

MENTOR = "mentor"
MENTORS = {
    MENTOR: "沈明谦",
    "guyizhou": "顾一舟",
    "luqinghe": "陆青禾",
    "chengwangchuan": "程望川",
    "yetingxue": "叶听雪",
}
LANGUAGES, PROFESSIONAL = (1, 2), (3, 4, 5, 7)  # Numbers of the courses that have points.


def mentors_of(camp, users):
    """Make these users mentors of the camp and share its projects out, the last one to two of them."""
    rows = []
    for user in users:
        StaffRole.objects.create(camp=camp, user=user, role=StaffRole.Role.MENTOR)
        rows.append(Mentor.objects.create(project_stage=camp.project_stage, user=user, capacity=4))
    for place, project in enumerate(camp.project_stage.projects.order_by("number")):
        project.mentor = rows[place % len(rows)]
        project.save(update_fields=["mentor"])
    project.co_mentors.add(rows[0])
    return rows


def organize(camp, organizer):
    StaffRole.objects.create(camp=camp, user=organizer, role=StaffRole.Role.ORGANIZER)


def invent_users(number, *, mark, camp, rng):
    """Accounts that nobody signs in to; `mark` keeps the handles of one camp from those of another."""
    invented = [replace(one, handle=f"{one.handle}{mark}") for one in people.invent(number, rng)]
    joined_at = camp.registration_opens_at
    users = User.objects.bulk_create(population.unsaved_user(one, joined_at=joined_at) for one in invented)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Identity.objects.bulk_create(
        Identity(user=user, channel="github", login=user.handle, login_key=user.handle, linked_at=joined_at)
        for user in users
    )
    # Invented people read no mails.
    ReminderChoice.objects.bulk_create(
        ReminderChoice(user=one, day_before=False, half_hour_before=False) for one in users
    )
    return users


def admit(camp, users, *, rng, now):
    """Enroll users whose points bring them into the project stage by its rule. Returns their enrollments.

    The scores come first and the enrollment last, so that everything is derived once.
    """
    courses = {course.number: course for course in Course.objects.filter(camp=camp, max_points__gt=0)}
    Attempt.objects.bulk_create(attempt for user in users for attempt in _attempts(user, courses, camp, rng))
    questions = list(ApplicationQuestion.objects.filter(camp=camp))
    made = [_enroll(camp, user, questions, rng) for user in users]
    let_stages_begin(camp, now=now)
    return made


def _enroll(camp, user, questions, rng):
    at = camp.registration_opens_at + (camp.starts_at - camp.registration_opens_at) * rng.random()
    answers = {question.key: population.answer_to(question, rng) for question in questions}
    return enrollment.apply(camp, student=user, heard_from=rng.choice(people.HEARD), answers=answers, at=at)


def _attempts(user, courses, camp, rng):
    """Full marks in one language, then a pass or more in a professional course."""
    language = courses[rng.choice(LANGUAGES)]
    yield _attempt(user, language, language.max_points, camp.starts_at + timedelta(days=rng.uniform(8, 28)))
    course = courses[rng.choice(PROFESSIONAL)]
    points = (course.max_points * Decimal(str(rng.uniform(0.64, 1)))).to_integral_value(rounding="ROUND_CEILING")
    yield _attempt(user, course, points, camp.starts_at + timedelta(days=rng.uniform(32, 48)))


def _attempt(user, course, points, at):
    return Attempt(
        course=course, channel="github", login=user.handle, login_key=user.handle, points=points,
        stated_course=str(course.upload_id), stated_total=f"{Decimal(course.max_points).normalize():f}",
        received_at=at, outcome=Attempt.Outcome.ACCEPTED, ext="aaa",
    )  # fmt: skip
