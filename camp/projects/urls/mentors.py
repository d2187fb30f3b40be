from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import mentors as views

urlpatterns = [
    path(f"{STAGE}mentor/", views.mentor, name="mentor"),
    path(f"{STAGE}mentor/conflicts/", views.conflicts, name="mentor_conflicts"),
    path(f"{STAGE}mentor/teams/<int:pk>/", views.team, name="mentor_team"),
    path(f"{STAGE}mentor/refusals/<int:pk>/accept/", views.accept, name="mentor_accept"),
]
