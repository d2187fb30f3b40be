"""Plain functions that make one object each, with what a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from allauth.account.models import EmailAddress

from camp.accounts.models import Identity, User
from camp.camps.models import Camp, Organization, StaffRole
from camp.classrooms.models import Answer, CheckIn, Material, Meeting, Question, Recording
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.rankings import boards, standings
from camp.rankings import services as ranking_services
from camp.rankings.models import Attempt, Exercise, RegisteredRepository, ReviewedCommit, Standing, TrustedGrader
from camp.rankings.uploads.identity_tokens import Claims
from camp.rankings.uploads.payload import Upload
from camp.rankings.uploads.proven_payload import Report, Result
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


def make_standing(course, enrollment, *, points=10, at=NOW, login=None, **fields):
    """A standing on the board, counted in its histogram, with the attempt that it stands by."""
    attempt = make_attempt(course, login=login or enrollment.student.handle, points=points, at=at, **fields)
    board = boards.lock(course, at=at)
    standing = Standing(course=course, enrollment=enrollment)
    boards.put(board, standing, standings.Result(Decimal(points), at, attempt.pk, Decimal(0)))
    boards.bump(course.pk)
    return standing


WORKFLOW = "harbour/grading/.github/workflows/grade.yml@refs/heads/main"
REVIEWED, COMMIT = "a" * 40, "c" * 40


def make_exercises(course, number):
    return [Exercise.objects.create(course=course, name=f"exercise{n:02}", position=n) for n in range(number)]


def make_grader(course, *, workflow=WORKFLOW, commit=REVIEWED, valid_until=None, **fields):
    """A workflow that the course trusts at one reviewed commit, from long ago on."""
    grader = TrustedGrader.objects.create(course=course, workflow=workflow, **fields)
    times = {"valid_from": NOW - timedelta(days=365), "valid_until": valid_until}
    ReviewedCommit.objects.create(grader=grader, commit=commit, **times)
    return grader


def make_repository(course, enrollment, repository_id="9009"):
    return RegisteredRepository.objects.create(course=course, enrollment=enrollment, repository_id=repository_id)


def make_claims(*, actor_id="5001", **fields):
    """The verified claims of a run in the actor's own repository, as GitHub would sign them now."""
    number = next(numbers)
    defaults = {
        "issuer": "https://token.actions.githubusercontent.com", "audience": "http://127.0.0.1:8000",
        "jti": f"jti-{number}", "actor": "octo", "repository": "octo/homework", "repository_id": "7001",
        "repository_owner_id": actor_id, "ref": "refs/heads/main", "event_name": "push",
        "runner_environment": "github-hosted", "job_workflow_ref": WORKFLOW, "job_workflow_sha": REVIEWED,
        "run_id": str(100_000 + number), "run_attempt": 1, "sha": COMMIT,
        "issued_at": NOW, "expires_at": NOW + timedelta(minutes=5),
    }  # fmt: skip
    known = defaults | fields | {"actor_id": actor_id}
    raw = {"actor": known["actor"], "actor_id": actor_id, "run_id": known["run_id"], "jti": known["jti"]}
    return Claims(**{"raw": raw} | known)


def make_report(course, *, passed=(), failed=(), commit=COMMIT):
    results = [Result(name, True) for name in passed] + [Result(name, False) for name in failed]
    return Report(course.upload_id, commit, tuple(results))


def make_meeting(camp=None, *, course=None, starts_at=NOW, **fields):
    camp = camp or (course.camp if course else make_camp())
    key = f"meeting{next(numbers)}"
    defaults = {"title": key.title(), "ends_at": starts_at + timedelta(hours=1), "key": key}
    return Meeting.objects.create(camp=camp, course=course, starts_at=starts_at, **defaults | fields)


def make_recording(meeting=None, **fields):
    defaults = {"url": f"https://video.example.org/{next(numbers)}"}
    return Recording.objects.create(meeting=meeting or make_meeting(), **defaults | fields)


def make_material(meeting=None, **fields):
    defaults = {"title": f"Slides {next(numbers)}"}
    if "file" not in fields:
        defaults["url"] = f"https://slides.example.org/{next(numbers)}"
    return Material.objects.create(meeting=meeting or make_meeting(), **defaults | fields)


def make_check_in(meeting, enrollment=None, *, how=CheckIn.How.JOIN, at=NOW, **fields):
    """A check-in stored directly, without what follows from it."""
    enrollment = enrollment or make_enrollment(meeting.camp)
    return CheckIn.objects.create(meeting=meeting, enrollment=enrollment, how=how, checked_in_at=at, **fields)


def hidden_by_staff(fields):
    """Who hid a question or an answer, and why, where it is hidden."""
    return {"hidden_by": make_user(), "hidden_reason": "Off topic."} if fields.get("is_hidden") else {}


def make_question(course=None, *, author=None, at=NOW, **fields):
    defaults = {"title": f"Question {next(numbers)}?"} | hidden_by_staff(fields)
    return Question.objects.create(
        course=course or make_course(), author=author or make_student(), asked_at=at, **defaults | fields
    )


def make_answer(question=None, *, author=None, at=NOW, **fields):
    defaults = {"text": "Like this."} | hidden_by_staff(fields)
    return Answer.objects.create(
        question=question or make_question(), author=author or make_student(), answered_at=at, **defaults | fields
    )


def make_staff_role(camp, *, user=None, role=StaffRole.Role.ORGANIZER):
    return StaffRole.objects.create(camp=camp, user=user or make_user(), role=role)
