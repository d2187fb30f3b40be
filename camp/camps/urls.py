from django.urls import path

from camp.camps import views

app_name = "camps"

urlpatterns = [
    path("<str:slug>/", views.organization, name="organization"),
]
