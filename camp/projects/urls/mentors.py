from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import mentors as views

urlpatterns = [
    path(f"{STAGE}mentor/", views.mentor, name="mentor"),
]
