from django.urls import path

from camp.projects.views import certificates as views

urlpatterns = [
    path("verify/", views.check, name="check"),
    path("verify/<slug:code>/", views.verify, name="verify"),
    path("verify/<slug:code>/certificate-<slug:language>.pdf", views.document, name="certificate"),
]
