from django.urls import path

from camp.camps import views

app_name = "camps"

urlpatterns = [
    path("<str:organization>/camp/<str:slug>/accent.css", views.accent, name="accent"),
    path("<str:slug>/", views.organization, name="organization"),
]
