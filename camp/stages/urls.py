from django.urls import path

from camp.stages import views

app_name = "stages"

STAGES = "<slug:organization>/camp/<slug:slug>/stages"

urlpatterns = [
    path(f"{STAGES}/", views.history, name="history"),
    path(f"{STAGES}/<slug:key>/group/", views.group, name="group"),
    path(f"{STAGES}/<slug:key>/group/picture/", views.group_qr, name="group_picture"),
]
