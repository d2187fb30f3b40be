from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import proposals as views

urlpatterns = [
    path(f"{STAGE}proposals/", views.proposals, name="proposals"),
    path(f"{STAGE}proposals/<int:pk>/", views.proposal, name="proposal"),
]
