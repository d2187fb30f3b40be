from django.urls import path

from camp.enrollment import views

app_name = "enrollment"

CAMP = "<slug:organization>/camp/<slug:slug>"

urlpatterns = [
    path(f"{CAMP}/register/", views.register, name="register"),
    path(f"{CAMP}/register/withdraw/", views.withdraw, name="withdraw"),
    path(f"{CAMP}/group/", views.group, name="group"),
    path(f"{CAMP}/group/picture/", views.group_qr, name="group_picture"),
]
