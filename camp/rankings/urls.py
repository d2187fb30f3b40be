from django.urls import include, path

from camp.rankings import appearance_views, exercise_views, views
from camp.rankings.board_page import board_views
from camp.rankings.uploads import api, linking_api, proven_api, token_api, upload_views

app_name = "rankings"

urlpatterns = [
    path("web/api/courseRank/createByThirdToken", api.create_by_third_token, name="create_by_third_token"),
    path("api/v1/scores", proven_api.scores, name="proven_scores"),
    path("api/v1/scores/check", proven_api.check, name="check_proven_scores"),
    path("api/v1/uploads/check", api.check, name="check_upload"),
    path("api/v1/identities", linking_api.identities, name="link_identity"),
    path("api/v1/tokens/revoke", token_api.revoke, name="revoke_token"),
    path("my/uploads/", upload_views.uploads, name="uploads"),
    path("my/uploads/login/", upload_views.uploads_of_login, name="uploads_of_login"),
    path("my/uploads/check/", upload_views.check, name="check"),
    path("<slug:organization>/camp/<slug:slug>/stage/<int:number>/", views.course, name="course"),
    path("<slug:organization>/camp/<slug:slug>/stage/<int:number>/board.csv", board_views.export, name="export"),
    path("<slug:organization>/camp/<slug:slug>/appearance/", appearance_views.appearance, name="appearance"),
    path("<slug:organization>/camp/<slug:slug>/stage/<int:number>/exercises/", exercise_views.stops, name="stops"),
    path("api/v1/", include("camp.rankings.readapi.urls")),  # Last: what it does not know gets a 404 as JSON.
]
