from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import work as views

urlpatterns = [
    path(f"{STAGE}work/", views.work, name="work"),
]
