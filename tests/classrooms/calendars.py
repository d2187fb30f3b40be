"""What the tests of the feed and of the page of one's own calendar share."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camp.classrooms import feeds
from tests.factories import make_course, make_meeting, make_requirement, make_running_camp, make_stage

PAGE, RENEW = "/my/calendar/", "/my/calendar/new/"


def make_timetable():
    """A camp with a lesson of each of two courses, a ceremony, and a lesson in a stage that nobody has reached."""
    camp = make_running_camp(name="Summer camp")
    stage, later = make_stage(camp), make_stage(camp)
    make_requirement(later, kind="item", item="A report")
    camp.cpp, camp.rust = make_course(stage, name="C++"), make_course(stage, name="Rust")
    camp.cuda = make_course(later, name="CUDA")
    start = timezone.now() + timedelta(days=2)
    for course in (camp.cpp, camp.rust, camp.cuda):
        make_meeting(course=course, title=f"Lesson of {course}", starts_at=start)
    camp.ceremony = make_meeting(camp, title="Ceremony", starts_at=start + timedelta(days=1))
    return camp


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def feed_url(user):
    return reverse("classrooms:feed", args=[feeds.feed_of(user).token])
