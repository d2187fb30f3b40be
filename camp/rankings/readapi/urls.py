from django.urls import path, register_converter
from django.urls.converters import StringConverter

from camp.rankings.readapi import views


class Anything(StringConverter):
    """Slashes and line breaks too."""

    regex = "(?s:.+)"


register_converter(Anything, "anything")

COURSE = "camps/<slug:organization>/<slug:slug>/courses/<int:number>"

urlpatterns = [
    path("", views.overview, name="api"),
    path("openapi.json", views.schema, name="api_schema"),
    path("camps/<slug:organization>/<slug:slug>/courses", views.courses, name="api_courses"),
    path(f"{COURSE}/board", views.board, name="api_board"),
    path(f"{COURSE}/standing", views.standing, name="api_standing"),
    path(f"{COURSE}/attempts", views.attempts, name="api_attempts"),
    path(f"{COURSE}/exercises", views.exercises, name="api_exercises"),
    path("<anything:rest>", views.nothing),
]
