from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import proposals as views

urlpatterns = [
    path(f"{STAGE}proposals/", views.proposals, name="proposals"),
    path(f"{STAGE}proposals/new/", views.propose, name="propose"),
    path(f"{STAGE}proposals/<int:pk>/", views.proposal, name="proposal"),
    path(f"{STAGE}proposals/<int:pk>/change/", views.change, name="proposal_change"),
    path(f"{STAGE}proposals/<int:pk>/withdraw/", views.withdraw, name="proposal_withdraw"),
    path(f"{STAGE}proposals/<int:pk>/decide/", views.decide, name="proposal_decide"),
]
