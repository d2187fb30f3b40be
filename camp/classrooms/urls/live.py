from django.urls import path

from camp.classrooms.urls.meetings import MEETING
from camp.classrooms.views import live as views

urlpatterns = [
    path("my/teaching/", views.teaching, name="teaching"),
    path(f"{MEETING}/live/", views.live, name="live"),
    path(f"{MEETING}/live/attendance/", views.live_attendance, name="live_attendance"),
    path(f"{MEETING}/live/questions/", views.live_questions, name="live_questions"),
    path(f"{MEETING}/live/code/", views.live_code, name="live_code"),
    path(f"{MEETING}/code/", views.code, name="code"),
    path(f"{MEETING}/code/present/", views.code_present, name="code_present"),
    path(f"{MEETING}/attendance/<int:enrollment>/", views.correct, name="correct"),
]
