from django.urls import path

from camp.accounts import views

app_name = "accounts"

urlpatterns = [
    path("my/edit/", views.profile, name="profile"),
    path("my/identities/", views.identities, name="identities"),
    path("my/identities/code/", views.new_link_code, name="new_link_code"),
    path("my/identities/<int:pk>/unlink/", views.unlink, name="unlink"),
    path("accounts/resend/", views.resend, name="resend"),
    path("accounts/sessions/end/", views.end_sessions, name="end_sessions"),
    # In place of allauth's at the same addresses; its own names lead here.
    path("accounts/signup/", views.sign_up, name="sign_up"),
    path("accounts/3rdparty/signup/", views.social_sign_up, name="social_sign_up"),
]
