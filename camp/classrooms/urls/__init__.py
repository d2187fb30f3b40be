from camp.classrooms.urls import calendar, live, meetings, questions

app_name = "classrooms"

urlpatterns = [*calendar.urlpatterns, *live.urlpatterns, *questions.urlpatterns, *meetings.urlpatterns]
