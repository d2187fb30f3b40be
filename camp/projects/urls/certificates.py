from django.urls import path

from camp.projects.views import certificates as views

urlpatterns = [
    path("verify/<slug:code>/", views.verify, name="verify"),
]
