from django.contrib import admin
from django.urls import include, path

from camp import views

handler400, handler500 = "camp.views.bad_request", "camp.views.server_error"
handler403, handler404 = "camp.views.permission_denied", "camp.views.page_not_found"

urlpatterns = [
    path("", views.home, name="home"),
    path("my/", views.my, name="my"),
    path("healthz", views.health, name="health"),
    path("language/", views.set_language, name="set_language"),
    path("", include("camp.accounts.urls")),
    path("", include("camp.notices.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("camp.classrooms.urls")),
    path("", include("camp.rankings.urls")),
    path("", include("camp.projects.urls")),
    path("", include("camp.enrollment.urls")),
    path("", include("camp.stages.urls")),
    path("<slug:organization>/camp/<slug:slug>/", views.camp_home, name="camp"),
    path("", include("camp.camps.urls")),
]
