from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import grading, work

urlpatterns = [
    path(f"{STAGE}work/", work.work, name="work"),
    path(f"{STAGE}work/review/", work.review, name="review"),
    path(f"{STAGE}work/teams/", grading.teams, name="grading"),
    path(f"{STAGE}work/<int:pk>/", grading.team, name="grade"),
    path(f"{STAGE}work/<int:pk>/report/<int:number>/", work.report, name="report"),
]
