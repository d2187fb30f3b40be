"""Reading a camp's API as a client does."""

from django.urls import reverse
from django.utils import timezone

from camp.rankings.models import Appearance
from tests.factories import NOW, make_enrollment, make_standing


def address(name, course):
    number = () if name == "courses" else (course.number,)
    return reverse(f"rankings:api_{name}", args=[*course.camp.address, *number])


def get(client, name, course, query=None, **headers):
    """An answer in English. `query`: a dictionary, or the very text behind the question mark."""
    where, headers = address(name, course), {"Accept-Language": "en"} | headers
    return (
        client.get(f"{where}?{query}", headers=headers)
        if isinstance(query, str)
        else client.get(where, query, headers=headers)
    )


def pages(client, name, course, **query):
    """The JSON of every page of a list, from the first to the last."""
    cursor = {}
    while cursor is not None:
        page = get(client, name, course, query | cursor).json()
        yield page
        cursor = {"after": page["next"]} if page["next"] else None


def board_rows(client, course, **query):
    """All rows of a board, through its pages: `limit` says how long each is."""
    return [row for page in pages(client, "board", course, **query) for row in page["rows"]]


def told(response):
    """The status, and the code of the mistake."""
    return response.status_code, response.json()["error"]["code"]


def make_row(course, *, points=10, at=NOW, appearance=None, **fields):
    """A standing of somebody new, who chose how to be named where `appearance` says so."""
    enrollment = make_enrollment(course.camp, at=timezone.now())
    if appearance:
        Appearance.objects.create(enrollment=enrollment, camp=course.camp, **appearance)
    return make_standing(course, enrollment, points=points, at=at, **fields)
