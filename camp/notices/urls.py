from django.urls import path

from camp.notices import views

app_name = "notices"

urlpatterns = [
    path("my/notices/", views.notices, name="list"),
    path("my/notices/read/", views.read, name="read"),
    path("my/notices/<int:pk>/", views.follow, name="follow"),
]
