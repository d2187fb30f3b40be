from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import results as views

urlpatterns = [
    path(f"{STAGE}result/", views.result, name="result"),
]
