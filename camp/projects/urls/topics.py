from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import topics as views

urlpatterns = [
    path(STAGE, views.topics, name="list"),
    path(f"{STAGE}<int:number>/", views.topic, name="detail"),
    path(f"{STAGE}<int:number>/save/", views.save, name="save"),
    path(f"{STAGE}<int:number>/unsave/", views.unsave, name="unsave"),
    path(f"{STAGE}<int:number>/choose/", views.choose, name="choose"),
]
