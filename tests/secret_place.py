"""A camp full of secrets, for the test that searches for them."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from tests.factories import (
    make_answer,
    make_course,
    make_enrollment,
    make_material,
    make_meeting,
    make_question,
    make_recording,
    make_running_camp,
    make_staff_role,
    make_stage,
)

MARK = "s3cr3t"  # In every secret, and the whole of none: what one searches for comes back on the page.
HOUR = timedelta(hours=1)


class Place:
    """A camp with everything that has secrets: meetings past, running and to come, of a course and of the camp.

    The stage and a meeting share their key, so that one address pattern is filled in one way.
    """

    key = "lesson"

    def __init__(self):
        self.now, self.secrets = timezone.now(), []
        self.camp = make_running_camp("summer", group_link=self.secret("https://chat.example.org/"))
        self.stage = make_stage(self.camp, key=self.key, group_link=self.secret("https://chat.example.org/"))
        self.course = make_course(self.stage, number=1)
        running = self.meeting(self.now - HOUR / 2, course=self.course, key=self.key)
        self.meetings = [
            running,
            self.meeting(self.now - 5 * HOUR, course=self.course),
            self.meeting(self.now + HOUR / 4, course=self.course),
            self.meeting(self.now - HOUR / 2),
            self.meeting(self.now - 5 * HOUR),
            self.meeting(self.now + 20 * HOUR),
            self.meeting(self.now - HOUR / 2, course=self.course, is_cancelled=True),
        ]
        self.recordings = [self.recording(meeting) for meeting in self.meetings]
        self.materials = [material for meeting in self.meetings for material in self.materials_of(meeting)]
        self.organizer = make_staff_role(self.camp).user
        self.student = make_enrollment(self.camp, at=self.now).student
        self.question = make_question(self.course, author=self.student, text=self.secret("in a question "))
        self.answer = make_answer(self.question, text=self.secret("in an answer "))

    def secret(self, before=""):
        """A text that stands nowhere else."""
        self.secrets.append(f"{MARK}-{len(self.secrets):03}-of-the-camp")
        return before + self.secrets[-1]

    def meeting(self, starts_at, **fields):
        return make_meeting(
            self.camp, starts_at=starts_at, join_url=self.secret("https://meet.example.org/"), number=self.secret(),
            passcode=self.secret(), **fields,
        )  # fmt: skip

    def recording(self, meeting):
        return make_recording(meeting, url=self.secret("https://video.example.org/"), passcode=self.secret())

    def materials_of(self, meeting):
        file = ContentFile(self.secret().encode(), name="notes.txt")
        yield make_material(meeting, url=self.secret("https://slides.example.org/"))
        yield make_material(meeting, file=file, file_name="notes.txt")
        yield make_material(meeting, url=self.secret("https://slides.example.org/"), release_at=self.now + HOUR)

    def found_in(self, text):
        return [secret for secret in self.secrets if secret in text]
