from django.urls import path

from camp.classrooms.urls.meetings import MEETING
from camp.classrooms.views import calendar as views

urlpatterns = [
    path("my/calendar/", views.calendar, name="calendar"),
    path("my/calendar/new/", views.renew, name="renew_calendar"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path(f"{MEETING}/calendar.ics", views.meeting_ics, name="meeting_ics"),
]
