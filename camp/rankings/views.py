from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camp.camps.errors import NotHere
from camp.camps.views import camp_or_404
from camp.classrooms.models import Meeting
from camp.classrooms.queries import timetable
from camp.rankings.board import Board
from camp.rankings.queries import own_attempts
from camp.stages.models import Course

ATTEMPTS_SHOWN, ATTEMPTS_UNFOLDED = 50, 5


@login_not_required
def course(request, organization, slug, number):
    """The page of a course; `?tab=` chooses the classroom, the board or the exercises."""
    camp = camp_or_404(organization, slug, user=request.user)
    course = get_object_or_404(Course.objects.for_page(), camp=camp, number=number)
    tab = request.GET.get("tab", "classroom")
    if tab not in TABS:
        raise NotHere(_("This course has no such page."), back=course.get_absolute_url())
    title, context_of = TABS[tab]
    context = {"camp": camp, "course": course, "tab": tab, "tab_title": title, "tabs": _tabs(tab)}
    return render(request, f"rankings/{tab}.html", context | context_of(request, course))


def _tabs(current):
    return [{"key": key, "title": title, "is_current": key == current} for key, (title, _context) in TABS.items()]


def classroom_tab(request, course):
    now = timezone.now()
    return {"timetable": timetable(Meeting.objects.of_course(course).for_timetable(), now=now)}


def rank_tab(request, course):
    board = Board(course, viewer=request.user, number=request.GET.get("page", "1"), search=request.GET.get("q", ""))
    return {"board": board, "page": None if board.search else board.page}


def exercises_tab(request, course):
    context = {
        "exercises": course.exercises.all(),
        "upload_url": settings.SITE_URL + reverse("rankings:create_by_third_token"),
        "accepts_uploads": course.accepts_uploads_at(timezone.now()),
    }
    if request.user.is_authenticated:
        context["identities"] = request.user.identities.linked()
        attempts = list(own_attempts(request.user, course)[:ATTEMPTS_SHOWN])
        context |= {"attempts": attempts[:ATTEMPTS_UNFOLDED], "older_attempts": attempts[ATTEMPTS_UNFOLDED:]}
    return context


TABS = {
    "classroom": (gettext_lazy("Classroom"), classroom_tab),
    "rank": (gettext_lazy("Board"), rank_tab),
    "exercises": (gettext_lazy("Exercises and scores"), exercises_tab),
}
