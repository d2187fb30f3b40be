"""What the exercises of a course tell: its students, on the course page, and its teachers, on a page of their own."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from camp.camps.staff import TEACHING
from camp.camps.views import camp_or_404
from camp.rankings.access import reads_as_staff
from camp.rankings.exercise_picture import picture_of
from camp.rankings.results import counts_of, own_results
from camp.stages.models import Course


def exercises_shown(user, course):
    """What the tab of exercises shows of them: the list, the reader's own results, whether the reader teaches it."""
    exercises = list(course.exercises.all())
    own = own_results(user, exercises, course) if user.is_authenticated and exercises else None
    return {"exercises": exercises, "own_results": own, "teaches": reads_as_staff(user, course, roles=TEACHING)}


def stops(request, organization, slug, number):
    """Which exercises stop people, for those who teach the course."""
    camp = camp_or_404(organization, slug, user=request.user)
    course = get_object_or_404(Course.objects.for_page(), camp=camp, number=number)
    if not reads_as_staff(request.user, course, roles=TEACHING):
        raise Http404
    counts = counts_of(course)
    context = {"camp": camp, "course": course, "counts": counts, "picture": picture_of(counts)}
    return render(request, "rankings/exercise_stops.html", context)
