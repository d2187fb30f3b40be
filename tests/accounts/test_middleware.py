from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone

from camp.accounts.middleware import COOKIE, ViewerMiddleware
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone_of(rf):
    """The zone in which a request is answered."""

    def look(user, cookie=""):
        request = rf.get("/")
        request.user, request.COOKIES[COOKIE] = user, cookie
        answer = ViewerMiddleware(lambda request: HttpResponse(timezone.get_current_timezone_name()))
        return answer(request).content.decode()

    return look


def test_the_zone_of_the_profile_counts(zone_of):
    assert zone_of(make_user(time_zone="Europe/Berlin"), "Asia/Tokyo") == "Europe/Berlin"


def test_without_one_the_browser_says_it(zone_of):
    assert zone_of(make_user(), "Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize("cookie", ["", "Asia/Nowhere", "../../etc/passwd", "/etc/passwd", "x" * 5000, "UTC\x00"])
def test_else_it_is_that_of_the_site(zone_of, settings, cookie):
    settings.TIME_ZONE = "Asia/Shanghai"

    assert zone_of(make_user(), cookie) == "Asia/Shanghai"


def test_a_session_is_noted_as_seen_every_few_minutes(client):
    client.force_login(make_user())
    client.get("/my/edit/")
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))

    client.get("/my/edit/")
    kept = UserSession.objects.get().last_seen_at
    cache.clear()
    client.get("/my/edit/")

    assert timezone.now() - kept > timedelta(minutes=59)
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


def test_a_visitor_has_no_session(client):
    client.get("/accounts/login/")

    assert UserSession.objects.count() == 0


def test_part_of_a_page_leads_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/lab/camp/summer/?tab=qa"}

    response = client.get("/my/", headers=headers)

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=/lab/camp/summer/"


@pytest.mark.parametrize("current", ["", "https://elsewhere.example.org//evil.example.org/", "nonsense"])
def test_part_of_a_page_leads_back_to_this_site_only(client, current):
    response = client.get("/my/", headers={"HX-Request": "true", "HX-Current-URL": current})

    assert response["HX-Redirect"].startswith("/accounts/login/?next=")


def test_whole_page_is_redirected_as_ever(client):
    response = client.get("/my/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/my/")
