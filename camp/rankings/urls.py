from django.urls import path

from camp.rankings import api, views

app_name = "rankings"

urlpatterns = [
    path("web/api/courseRank/createByThirdToken", api.create_by_third_token, name="create_by_third_token"),
    path("<slug:organization>/camp/<slug:slug>/stage/<int:number>/", views.course, name="course"),
]
