from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import teams as views

urlpatterns = [
    path(f"{STAGE}team/", views.team, name="team"),
    path(f"{STAGE}teams/", views.teams, name="teams"),
]
