"""Who sees the live page of a meeting and its parts, and how the parts ask for themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.classrooms.teachers import SECRETS, address, enrolled, get, htmx, narrowed, others, runners
from tests.factories import (
    make_meeting,
)

pytestmark = pytest.mark.django_db
PAGES = ["live", "live_attendance", "live_questions", "live_code", "code", "code_present"]
PARTS = ["live_attendance", "live_questions", "live_code", "code_present"]


@pytest.mark.parametrize("name", PAGES)
def test_an_anonymous_visitor_signs_in_first(client, meeting, name):
    response = get(client, meeting, name)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_only_those_who_run_the_meeting_see_its_live_pages(client, camp, course, meeting, name):
    for user, status in others(camp, course).items() | {(user, 200) for user in runners(camp, course)}:
        client.force_login(user)

        assert (get(client, meeting, name).status_code, htmx(client, meeting, name).status_code) == (status, status)


def test_a_ceremony_is_run_by_those_who_teach_in_the_whole_camp_and_has_no_questions(client, camp, course, teacher):
    ceremony = make_meeting(camp, title="Opening", starts_at=timezone.now())

    client.force_login(narrowed(camp, course))
    assert get(client, ceremony).status_code == 403
    client.force_login(teacher)
    assert get(client, ceremony).status_code == 200
    assert "Open questions" not in get(client, ceremony).text


@pytest.mark.parametrize("change", [("summer", "autumn"), ("meeting", "nothing")])
def test_a_meeting_that_does_not_exist_is_a_404(client, meeting, teacher, change):
    client.force_login(teacher)

    assert client.get(address(meeting, "live").replace(*change)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_it_is_kept_by_a_cache_and_no_secret_is_in_it(client, meeting, teacher, name):
    client.force_login(teacher)

    response = get(client, meeting, name)

    assert "no-store" in response.headers["Cache-Control"]
    assert [secret for secret in SECRETS.values() if secret in response.text] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_only_read(client, meeting, teacher, name):
    client.force_login(teacher)

    assert client.post(address(meeting, name)).status_code == 405


@pytest.mark.parametrize("name", PARTS)
def test_a_part_says_beside_the_page_that_the_session_has_ended(client, meeting, name):
    response = htmx(client, meeting, name)

    assert response.status_code == 286
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#live-notice", "innerHTML")
    assert "You are signed out" in response.text
    assert f"next={address(meeting, 'live')}" in response.text
    assert meeting.title not in response.text


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_no_whole_page_and_asks_for_itself_again(client, meeting, teacher, name):
    client.force_login(teacher)

    text = htmx(client, meeting, name).text

    assert "<html" not in text
    assert f'hx-get="{address(meeting, name)}' in text


def test_the_attendance_part_keeps_the_list_the_search_and_the_page(client, camp, meeting, teacher):
    enrolled(camp, "rowan", display_name="Rowan & Sons")
    client.force_login(teacher)

    text = htmx(client, meeting, "live_attendance", show="absent", q="Rowan &", page="1").text

    query = "?show=absent&amp;q=Rowan+%26&amp;page=1"
    assert f'hx-get="{address(meeting, "live_attendance")}{query}"' in text
    assert "Rowan &amp; Sons" in text
