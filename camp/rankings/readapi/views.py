"""The addresses of the read API. Who may see what is said where the pages say it: a camp's page, a board, oneself."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from camp.camps.views import camp_or_404
from camp.rankings.board_page import etags
from camp.rankings.readapi import openapi, readings, reference, shapes
from camp.rankings.readapi.cursors import ATTEMPTS, BOARD, CursorError
from camp.rankings.readapi.parameters import BoardQuery, Paging, Query, bad_cursor, read
from camp.rankings.readapi.replies import (
    ApiError,
    answered,
    answered_by_content,
    json_of,
    nothing_here,
    operation,
    refused,
    signed_in,
)
from camp.stages.models import Course


def _course(request, organization, slug, number):
    camp = camp_or_404(organization, slug, user=request.user)
    return get_object_or_404(Course.objects.for_page(), camp=camp, number=number)


def _course_with_board(request, **address):
    course = _course(request, **address)
    if not course.has_homework:
        raise ApiError("no_board", 404, _("This course has no homework, and so no board."))
    return course


def _key(keys, query, course):
    try:
        return keys.read(query.after, course=course) if query.after is not None else None
    except CursorError:
        raise bad_cursor() from None


@operation
def courses(request, organization, slug):
    """The courses of a camp."""
    read(Query, request)
    camp = camp_or_404(organization, slug, user=request.user)
    told = [readings.course_told(course) for course in Course.objects.for_page().filter(camp=camp)]
    return answered_by_content(request, json_of(shapes.Courses(camp=str(camp), courses=told)))


@operation
def board(request, **address):
    """A part of a course's board."""
    course, query = _course_with_board(request, **address), read(BoardQuery, request)
    key = _key(BOARD, query, course)
    reading = readings.BoardReading(course, request.user, live=query.board == "live")
    etag = etags.etag_for(reading.edition, "api board", get_language(), query.model_dump_json(), *reading.state)
    unchanged = etags.not_modified(request, etag)
    return unchanged or answered(json_of(reading.part(limit=query.limit, key=key, place=query.place)), etag)


@operation
def standing(request, **address):
    """The reader's own standing."""
    user, course = signed_in(request), _course_with_board(request, **address)
    read(Query, request)
    reading = readings.BoardReading(course, user)
    etag = etags.etag_for(reading.edition, "api standing", get_language(), *reading.state)
    if not reading.has_own:
        raise ApiError("no_score", 404, _("You have no score on this board."))
    return etags.not_modified(request, etag) or answered(json_of(reading.own_standing()), etag)


@operation
def attempts(request, **address):
    """The reader's own attempts, the newest first."""
    user, course = signed_in(request), _course(request, **address)
    query = read(Paging, request)
    key = _key(ATTEMPTS, query, course)
    return answered_by_content(request, json_of(readings.uploads(user, course, limit=query.limit, key=key)))


@operation
def exercises(request, **address):
    """The exercises of a course, with the reader's own state."""
    course = _course(request, **address)
    read(Query, request)
    return answered_by_content(request, json_of(readings.exercises(request.user, course)))


@operation
def schema(request):
    """What this API understands and answers, as OpenAPI."""
    return answered_by_content(request, openapi.text())


@csrf_exempt  # There is nothing to change here, either.
@login_not_required
def nothing(request, rest):
    """Whatever else begins like an address of the API: its 404 is JSON for every method, and no redirect."""
    return refused(nothing_here())


@login_not_required
@require_safe
def overview(request):
    """The same description as a page."""
    return render(request, "rankings/api.html", {"sections": reference.sections(), "schemas": reference.schemas()})
