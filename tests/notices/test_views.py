from datetime import timedelta

import pytest
from django.core.cache import cache

from camp.notices.models import Notice
from tests.factories import NOW, make_camp, make_user

pytestmark = pytest.mark.django_db
PAGE = "/my/notices/"


def make_notice(user, title="You are in", **fields):
    return Notice.objects.create(recipient=user, kind="sample", title=title, **{"created_at": NOW} | fields)


def titles(response):
    return [notice.title for notice in response.context["page"]]


def test_the_empty_list_says_what_will_be_there(client):
    client.force_login(make_user())

    assert "Nothing yet" in client.get(PAGE).content.decode()


def test_the_list_has_ones_own_notices_the_newest_first(client):
    user = make_user()
    make_notice(user, "Older", created_at=NOW - timedelta(days=1), read_at=NOW)
    make_notice(user, "Newer")
    make_notice(make_user(), "A stranger's")
    client.force_login(user)

    response = client.get(PAGE)

    assert titles(response) == ["Newer", "Older"]
    assert response.content.decode().count(">unread<") == 1


def test_a_notice_is_shown_as_text(client):
    user = make_user()
    make_notice(user, "<b>Title</b>", body="<script>alert(1)</script>\n\nSecond", url="/my/", camp=make_camp())
    client.force_login(user)

    page = client.get(PAGE).content.decode()

    assert "&lt;b&gt;Title" in page
    assert "<script>alert" not in page
    assert '<a href="/my/">' in page


def test_a_page_has_25_notices(client):
    user = make_user()
    for number in range(26):
        make_notice(user, f"Notice {number}", created_at=NOW + timedelta(minutes=number))
    client.force_login(user)

    first, second = client.get(PAGE), client.get(PAGE, {"page": 2})

    assert (len(titles(first)), titles(second)) == (25, ["Notice 0"])


@pytest.mark.parametrize("page", ["0", "99", "-1", "x", "1e9"])
def test_a_page_that_does_not_exist_is_the_nearest_one(client, page):
    user = make_user()
    make_notice(user)
    client.force_login(user)

    assert titles(client.get(PAGE, {"page": page})) == ["You are in"]


def test_the_list_asks_as_much_for_three_notices_as_for_one(client, django_assert_num_queries):
    user = make_user()
    make_notice(user, camp=make_camp("one"))
    client.force_login(user)
    client.get(PAGE)

    with django_assert_num_queries(6):
        client.get(PAGE)
    make_notice(user, camp=make_camp("two"))
    make_notice(user)
    with django_assert_num_queries(6):
        client.get(PAGE)


def test_all_are_marked_as_read(client):
    user, stranger = make_user(), make_user()
    make_notice(user)
    make_notice(user)
    make_notice(stranger)
    client.force_login(user)

    response = client.post(f"{PAGE}read/", follow=True)

    assert response.redirect_chain == [(PAGE, 302)]
    assert "Mark all as read" not in response.content.decode()
    assert Notice.objects.unread().get().recipient == stranger


def test_reading_is_no_link(client):
    client.force_login(make_user())

    assert client.get(f"{PAGE}read/").status_code == 405


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}read/"])
def test_somebody_not_signed_in_is_asked_to(client, address):
    assert client.post(address).url.startswith("/accounts/login/")


def test_the_header_counts_what_is_unread(client):
    user = make_user()
    make_notice(user)
    make_notice(user, read_at=NOW)
    client.force_login(user)
    cache.clear()

    assert client.get("/my/edit/").context["unread_notices"] == 1


def test_who_follows_a_notice_has_read_it(client):
    user = make_user()
    notice, other = make_notice(user, url="/my/edit/"), make_notice(user)
    client.force_login(user)

    response = client.get(f"{PAGE}{notice.pk}/")

    assert (response.status_code, response["Location"]) == (302, "/my/edit/")
    notice.refresh_from_db()
    other.refresh_from_db()
    assert (notice.is_unread, other.is_unread) == (False, True)


def test_a_notice_about_no_page_leads_to_the_list(client):
    user = make_user()
    client.force_login(user)

    assert client.get(f"{PAGE}{make_notice(user).pk}/")["Location"] == PAGE


def test_nobody_follows_the_notice_of_somebody_else(client):
    client.force_login(make_user())
    notice = make_notice(make_user(), url="/my/edit/")

    assert client.get(f"{PAGE}{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.is_unread


def test_an_address_in_a_notice_is_a_link_and_the_rest_is_text(client):
    user = make_user()
    make_notice(user, body="Choose here: https://camp.example.org/my/ <b>now</b>")
    client.force_login(user)

    page = client.get(PAGE).content.decode()

    assert '<a href="https://camp.example.org/my/" rel="nofollow">https://camp.example.org/my/</a>' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
