from django.urls import path

from camp.camps import views

app_name = "camps"

urlpatterns = [
    path("<slug:organization>/camp/<slug:slug>/accent.css", views.accent, name="accent"),
    path("<slug:slug>/", views.organization, name="organization"),
]
