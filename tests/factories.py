"""Plain functions that make one object each, with what a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from itertools import count

from allauth.account.models import EmailAddress

from camp.accounts.models import Identity, User
from camp.camps.models import Camp, Organization, StaffRole
from camp.classrooms.models import Meeting
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.rankings import services as ranking_services
from camp.rankings.models import Attempt
from camp.rankings.payload import Upload
from camp.stages.models import Course, Requirement, RequirementGroup, Stage

NOW = datetime(2024, 7, 24, 12, 0, tzinfo=UTC)  # Inside the default camp and its foundation stage.
PASSWORD = "correct horse battery"
numbers = count(1)


def make_user(handle=None, *, verified=True, **fields):
    handle = handle or f"user{next(numbers)}"
    fields = {"email": f"{handle}@example.org", "display_name": handle.title(), "password": PASSWORD} | fields
    user = User.objects.create_user(handle, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


def make_student(handle=None, **fields):
    profile = {"occupation": "studying", "affiliation": "Harbour University", "city": "Harbour"}
    return make_user(handle, **profile | fields)


def make_superuser(handle=None, **fields):
    return make_user(handle, is_superuser=True, **fields)


def make_organization(slug=None, **fields):
    slug = slug or f"org{next(numbers)}"
    return Organization.objects.create(slug=slug, **{"name": slug.title()} | fields)


def make_camp(slug="summer", *, organization=None, **fields):
    defaults = {
        "name": "Summer camp",
        "registration_opens_at": NOW - timedelta(days=30),
        "registration_closes_at": NOW + timedelta(days=10),
        "starts_at": NOW - timedelta(days=20),
        "ends_at": NOW + timedelta(days=60),
    }
    return Camp.objects.create(organization=organization or make_organization(), slug=slug, **defaults | fields)


def make_running_camp(slug="summer", **fields):
    """A camp around the real now, for views that look at the clock."""
    now = datetime.now(UTC)
    dates = {
        "registration_opens_at": now - timedelta(days=30),
        "registration_closes_at": now + timedelta(days=10),
        "starts_at": now - timedelta(days=20),
        "ends_at": now + timedelta(days=60),
    }
    return make_camp(slug, **dates | fields)


def make_stage(camp=None, key=None, **fields):
    camp = camp or make_camp()
    key = key or f"stage{next(numbers)}"
    defaults = {
        "name": key.title(),
        "kind": Stage.Kind.FOUNDATION,
        "opens_at": camp.starts_at,
        "closes_at": camp.ends_at,
        "position": next(numbers),
    }
    return Stage.objects.create(camp=camp, key=key, **defaults | fields)


def make_course(stage=None, *, number=None, max_points=30, **fields):
    stage = stage or make_stage()
    number = number or next(numbers)
    defaults = {"name": f"Course {number}", "upload_id": 10_000 + next(numbers)}
    return Course.objects.create(
        camp=stage.camp, stage=stage, number=number, max_points=max_points, **defaults | fields
    )


def make_requirement(stage, *, group=None, **fields):
    """A requirement in a group of its own (needed: 1) unless one is given."""
    group = group or RequirementGroup.objects.create(stage=stage, label="Homework", position=next(numbers))
    kind = fields.pop("kind", Requirement.Kind.POINTS)
    return Requirement.objects.create(group=group, kind=kind, position=next(numbers), **fields)


def make_enrollment(camp=None, *, student=None, status=Enrollment.Status.ACTIVE, at=NOW):
    """An enrollment as the services make it, seat and participations included."""
    camp = camp or make_camp()
    student = student or make_student()
    if status == Enrollment.Status.ACTIVE:
        Camp.objects.filter(pk=camp.pk).update(
            registration_opens_at=min(camp.registration_opens_at, at - timedelta(days=1))
        )
        return enrollment_services.apply(camp, student=student, at=at)
    waiting_since = at if status == Enrollment.Status.WAITING else None
    return Enrollment.objects.create(
        camp=camp, student=student, status=status, applied_at=at, waiting_since=waiting_since
    )


def make_identity(user=None, *, login=None, channel="github", **fields):
    login = login or f"login{next(numbers)}"
    user = user or make_student()
    return Identity.objects.create(user=user, channel=channel, login=login, login_key=login.lower(), **fields)


def make_token(course, *, at=NOW):
    """The text of a fresh upload token of the course."""
    _row, text = ranking_services.issue_token(course, by=None, at=at)
    return text


def make_upload(course, *, login="someone", points=10, channel="github", **fields):
    defaults = {"course_id": course.upload_id, "stated_total": str(course.max_points), "ext": "aaa"}
    return Upload(channel=channel, login=login, points=points, **defaults | fields)


def make_attempt(course, *, login="someone", points=10, channel="github", at=NOW, **fields):
    """An accepted attempt stored directly, without what follows from it."""
    defaults = {"outcome": Attempt.Outcome.ACCEPTED, "received_at": at, "login_key": login.lower()}
    return Attempt.objects.create(course=course, channel=channel, login=login, points=points, **defaults | fields)


def make_meeting(camp=None, *, course=None, starts_at=NOW, **fields):
    camp = camp or (course.camp if course else make_camp())
    key = f"meeting{next(numbers)}"
    defaults = {"title": key.title(), "ends_at": starts_at + timedelta(hours=1), "key": key}
    return Meeting.objects.create(camp=camp, course=course, starts_at=starts_at, **defaults | fields)


def make_staff_role(camp, *, user=None, role=StaffRole.Role.ORGANIZER):
    return StaffRole.objects.create(camp=camp, user=user or make_user(), role=role)
