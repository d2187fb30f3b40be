from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import asking
from camp.projects.views import teams as views

urlpatterns = [
    path(f"{STAGE}team/", views.team, name="team"),
    path(f"{STAGE}team/new/", views.new, name="team_new"),
    path(f"{STAGE}team/join/", views.join, name="team_join"),
    path(f"{STAGE}team/edit/", views.edit, name="team_edit"),
    path(f"{STAGE}team/leave/", views.leave, name="team_leave"),
    path(f"{STAGE}team/lead/", views.lead, name="team_lead"),
    path(f"{STAGE}team/code/", views.code, name="team_code"),
    path(f"{STAGE}team/members/<int:pk>/remove/", views.remove, name="team_remove"),
    path(f"{STAGE}team/seek/", asking.seek, name="team_seek"),
    path(f"{STAGE}team/seek/stop/", asking.stop, name="team_seek_stop"),
    path(f"{STAGE}team/asks/<int:pk>/accept/", asking.answer, {"act": "accept"}, name="team_ask_accept"),
    path(f"{STAGE}team/asks/<int:pk>/decline/", asking.answer, {"act": "decline"}, name="team_ask_decline"),
    path(f"{STAGE}team/asks/<int:pk>/take-back/", asking.answer, {"act": "take-back"}, name="team_ask_take_back"),
    path(f"{STAGE}teams/<int:pk>/ask/", asking.ask, name="team_ask"),
    path(f"{STAGE}teams/", views.teams, name="teams"),
]
