from django.urls import path

from camp.projects.urls.places import STAGE
from camp.projects.views import selection as views

urlpatterns = [
    path(f"{STAGE}preferences/", views.preferences, name="preferences"),
    path(f"{STAGE}preferences/<int:number>/<int:version>/", views.receipt, name="receipt"),
]
