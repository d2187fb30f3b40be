from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.camps.errors import NotHere
from camp.classrooms.qa import qa_tab
from camp.classrooms.tabs import classroom_tab, video_tab
from camp.rankings.access import course_or_404
from camp.rankings.board_page.board_views import board_tab
from camp.rankings.exercise_views import exercises_shown
from camp.rankings.ledger import lines_of
from camp.rankings.queries import own_attempts
from camp.rankings.setup import grader_shown

ATTEMPTS_SHOWN, ATTEMPTS_UNFOLDED = 50, 5


@login_not_required
def course(request, organization, slug, number):
    """The page of a course; `?tab=` chooses what it shows."""
    course = course_or_404(organization, slug, number, user=request.user)
    camp = course.camp
    tab = request.GET.get("tab", "classroom")
    if tab not in TABS:
        raise NotHere(_("This course has no such page."), back=course.get_absolute_url())
    title, context_of, template = TABS[tab]
    context = {"camp": camp, "course": course, "tab": tab, "tab_title": title, "tabs": _tabs(tab)}
    if tab == "rank":
        return board_tab(request, context)
    return render(request, template, context | context_of(request, course))


def _tabs(current):
    return [{"key": key, "title": title, "is_current": key == current} for key, (title, *_rest) in TABS.items()]


def exercises_tab(request, course):
    now = timezone.now()
    context = exercises_shown(request.user, course) | {
        "upload_url": settings.SITE_URL + reverse("rankings:create_by_third_token"),
        "accepts_uploads": course.accepts_uploads_at(now),
        "grader": grader_shown(course, at=now),
    }
    if request.user.is_authenticated:
        context["identities"] = request.user.identities.linked()
        context["corrections"] = lines_of(request.user, course)
        attempts = list(own_attempts(request.user, course)[:ATTEMPTS_SHOWN])
        context |= {"attempts": attempts[:ATTEMPTS_UNFOLDED], "older_attempts": attempts[ATTEMPTS_UNFOLDED:]}
    return context


TABS = {
    "classroom": (gettext_lazy("Classroom"), classroom_tab, "classrooms/classroom.html"),
    "video": (gettext_lazy("Videos"), video_tab, "classrooms/video.html"),
    "rank": (gettext_lazy("Board"), None, "rankings/rank.html"),
    "exercises": (gettext_lazy("Exercises and scores"), exercises_tab, "rankings/exercises.html"),
    "qa": (gettext_lazy("Questions"), qa_tab, "classrooms/qa.html"),
}
