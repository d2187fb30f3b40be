from django.urls import path

from camp.classrooms.views import materials, meetings

MEETING = "<slug:organization>/camp/<slug:slug>/meetings/<slug:key>"

urlpatterns = [
    path(f"{MEETING}/", meetings.meeting, name="meeting"),
    path(f"{MEETING}/join/", meetings.join, name="join"),
    path(f"{MEETING}/check-in/", meetings.check_in, name="check_in"),
    path(f"{MEETING}/recordings/<int:pk>/", materials.recording, name="recording"),
    path(f"{MEETING}/materials/<int:pk>/", materials.material, name="material"),
]
