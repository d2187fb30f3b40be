"""The people of the demo that one can be: a student just below full marks, a teacher, an organizer, a superuser."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress

from camp.accounts import services as accounts
from camp.accounts.models import User
from camp.camps.models import StaffRole
from camp.demo import homework
from camp.enrollment import services as enrollment
from camp.notices.models import Mail
from camp.rankings import services as rankings
from camp.rankings.models import Attempt
from camp.stages.models import Course

STUDENT, TEACHER, ORGANIZER, SUPERUSER = "linxiaoman", "teacher", "organizer", "superuser"


@dataclass(frozen=True)
class Login:
    """Somebody one can sign in as. The password is known only when the account is made."""

    role: str
    email: str
    password: str


def is_made():
    return User.objects.filter(handle=SUPERUSER).exists()


def make(camp, *, now):
    """Make the four and return how to sign in as each."""
    _student(camp, now=now)
    teacher = make_user(TEACHER, "周老师", is_superuser=False)
    first_course(camp).staff.add(StaffRole.objects.create(camp=camp, user=teacher, role=StaffRole.Role.TEACHER))
    organizer = make_user(ORGANIZER, "训练营助教团", is_superuser=False)
    StaffRole.objects.create(camp=camp, user=organizer, role=StaffRole.Role.ORGANIZER)
    make_user(SUPERUSER, "站点管理员", is_superuser=True)
    return [give_password(role) for role in (STUDENT, TEACHER, ORGANIZER, SUPERUSER)]


def make_user(handle, name, **fields):
    """An account with a confirmed address; nobody can sign in to it before it is given a password."""
    user = User.objects.create_user(handle, f"{handle}@camp.example", display_name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def give_password(handle):
    """A new password for this account, and how to sign in with it."""
    user = User.objects.get(handle=handle)
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save()
    return Login(handle, user.email, password)


def _student(camp, *, now):
    """Enrolled from the first day, with 29 of 30 points in C++: one upload away from the next stage."""
    profile = {"occupation": "studying", "affiliation": "滨海大学", "major": "计算机科学与技术", "city": "杭州"}
    user = make_user(STUDENT, "林小满", language="zh-hans", **profile)
    enrollment.apply(camp, student=user, heard_from="同学推荐", at=camp.registration_opens_at + timedelta(days=1))
    course = first_course(camp)
    points = course.max_points - 1
    names = list(course.exercises.values_list("name", flat=True))
    results = homework.results_of(names, passed=len(names) - 1, who=STUDENT)
    Attempt.objects.create(
        course=course, channel="github", login=STUDENT, login_key=STUDENT, points=points,
        ext=homework.result_file(results), results=results,
        stated_course=str(course.upload_id), stated_total=f"{Decimal(course.max_points).normalize():f}",
        outcome=Attempt.Outcome.ACCEPTED, received_at=now - timedelta(hours=20),
    )  # fmt: skip
    accounts.link_login(user, channel="github", login=STUDENT, at=now - timedelta(hours=19))
    Mail.objects.filter(notice__recipient=user).delete()


def organizer():
    return User.objects.get(handle=ORGANIZER)


def student():
    return User.objects.get(handle=STUDENT)


def teacher():
    return User.objects.get(handle=TEACHER)


def first_course(camp):
    return Course.objects.filter(camp=camp, max_points__gt=0).order_by("number").first()


def fresh_token(course, *, at):
    """A new upload token of the course for the printed `curl` line; the demo's older ones are revoked."""
    superuser = User.objects.get(handle=SUPERUSER)
    for token in course.upload_tokens.usable_at(at).filter(issued_by=superuser):
        rankings.revoke_token(token, by=superuser, at=at)
    return rankings.issue_token(course, by=superuser, at=at)[1]


def next_score(course):
    """The points that the printed `curl` line posts for the student: full marks, harmless to post again."""
    return f"{Decimal(course.max_points).normalize():f}"
