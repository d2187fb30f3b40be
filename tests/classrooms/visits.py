"""People who visit the pages of a classroom, at a time that the test sets."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import Reveal, StaffRole
from camp.classrooms.models import CheckIn, Opening
from camp.enrollment import services as enrollment_services
from tests.factories import (
    NOW,
    make_camp,
    make_check_in,
    make_course,
    make_enrollment,
    make_material,
    make_meeting,
    make_recording,
    make_requirement,
    make_staff_role,
    make_stage,
    make_student,
    make_user,
)

START, END = NOW, NOW + timedelta(hours=1)
OPENS = START - timedelta(minutes=15)
SECOND = timedelta(seconds=1)
SECRETS = {"join_url": "https://meet.example.org/s3cr3t-room", "number": "s3cr3t 123", "passcode": "s3cr3t-pass"}
REPLAY = {"url": "https://video.example.org/s3cr3t-replay", "passcode": "s3cr3t-replay-pass"}
HIDDEN = [*SECRETS.values(), *REPLAY.values()]


class Clock:
    """What `timezone.now` says; begins before the meeting opens. Sessions begin on it too."""

    def __init__(self, monkeypatch):
        self.now = OPENS - SECOND
        monkeypatch.setattr(timezone, "now", lambda: self.now)


class Lesson:
    """A meeting of a course with its secrets, a recording and two materials, and somebody of every kind."""

    def __init__(self, camp=None):
        self.camp = camp or make_camp(name="Summer camp", time_zone="Asia/Shanghai")
        self.course = make_course(make_stage(self.camp, name="Foundation"), name="Rust")
        self.meeting = make_meeting(
            course=self.course, title="Ownership", speaker="Ferris", starts_at=START, ends_at=END, **SECRETS
        )
        self.recording = make_recording(self.meeting, **REPLAY)
        self.slides = make_material(self.meeting, title="The slides", url="https://slides.example.org/ownership")
        self.enrollment = make_enrollment(self.camp)

    @property
    def student(self):
        return self.enrollment.student

    def teacher(self):
        return make_staff_role(self.camp, user=make_user(language="en"), role=StaffRole.Role.TEACHER).user

    def url(self, name="meeting", *args):
        return reverse(f"classrooms:{name}", args=[*self.meeting.address, *args])

    def recording_url(self):
        return self.url("recording", self.recording.pk)

    def slides_url(self):
        return self.url("material", self.slides.pk)

    def cancel(self):
        self.meeting.is_cancelled = True
        self.meeting.save()


def applicant(lesson):
    return make_enrollment(lesson.camp, status="applied").student


def withdrawn(lesson):
    enrollment = make_enrollment(lesson.camp)
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    return enrollment.student


def student_of_another_camp(lesson):
    return make_enrollment(make_camp("autumn")).student


def student_of_another_stage(lesson):
    """A student of the camp, when the course's stage is one that has to be reached."""
    make_requirement(lesson.course.stage, kind="item", item="report")
    return make_enrollment(lesson.camp).student


def teacher_of_another_course(lesson):
    role = make_staff_role(lesson.camp, role=StaffRole.Role.TEACHER)
    make_course(make_stage(lesson.camp)).staff.add(role)
    return role.user


OUTSIDERS = [
    lambda lesson: make_student(),
    applicant,
    withdrawn,
    student_of_another_camp,
    student_of_another_stage,
    teacher_of_another_course,
]
OUTSIDER_NAMES = ["nobody", "applicant", "withdrawn", "other camp", "other stage", "other course"]


def browser(user=None, **defaults):
    client = Client(headers={"accept-language": "en"}, **defaults)
    if user:
        user.language, user.time_zone = "en", user.time_zone or "Asia/Shanghai"
        user.save()
        client.force_login(user)
    return client


def text(response):
    """What the page says, in one line."""
    return " ".join(response.content.decode().split())


def hidden_in(response):
    return [secret for secret in HIDDEN if secret in response.content.decode()]


def reveals():
    return list(Reveal.objects.order_by("id").values_list("user", "secret", "revealed_at"))


def check_ins():
    return list(CheckIn.objects.order_by("id").values_list("enrollment", "meeting", "how", "checked_in_at"))


def more_of(lesson, *, starts_at=START, course=True):
    """One more meeting with everything that a page shows of it."""
    meeting = make_meeting(lesson.camp, course=lesson.course if course else None, starts_at=starts_at, **SECRETS)
    recording, material = make_recording(meeting), make_material(meeting)
    make_check_in(meeting, lesson.enrollment)
    Opening.objects.create(user=lesson.student, recording=recording)
    Opening.objects.create(user=lesson.student, material=material)
    return meeting
