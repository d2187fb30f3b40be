"""Organizers send an announcement in the admin, after they saw it and how many get it."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from camp.camps.models import StaffRole
from camp.notices.models import Mail
from camp.stages.models import Announcement
from tests.factories import (
    NOW,
    make_camp,
    make_enrollment,
    make_staff_role,
    make_stage,
    make_superuser,
    make_user,
)
from tests.stages.announcing import announce, make_audience, send, stored, told

pytestmark = pytest.mark.django_db
LIST = reverse("admin:stages_announcement_changelist")


@pytest.fixture
def camp():
    """Overrides the camp of the rules."""
    return make_audience()


@pytest.fixture
def organizer(camp):
    return make_staff_role(camp, user=make_user("olive", language="en")).user


def browser(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def url_of(announcement, view="mail"):
    return reverse(f"admin:stages_announcement_{view}", args=[announcement.pk])


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def seen_by(client, announcement):
    """The mark of the preview that the page carries."""
    response = client.get(url_of(announcement))
    assert f'<input type="hidden" name="seen" value="{response.context["seen"]}">' in response.text
    return response.context["seen"]


def send_as_seen(client, announcement):
    return client.post(url_of(announcement), {"seen": seen_by(client, announcement)})


def saved(client, url, camp, **changes):
    """The messages after an announcement was saved in the admin."""
    data = {"camp": camp.pk, "title": "Room", "published_at_0": "2024-07-24", "published_at_1": "10:00"} | changes
    return messages_of(client.post(url, data))


def test_organizer_sees_the_mail_and_the_count_before_anything_is_queued(camp, organizer):
    announcement = announce(camp)

    response = browser(organizer).get(url_of(announcement))

    assert response.context["count"] == 2
    assert "2 people get this mail: everybody enrolled in Summer camp." in response.text
    assert "Hello Olive," in response.text
    assert "Send it to 2 people" in response.text
    assert (Mail.objects.count(), stored(announcement)) == (0, (None, None, None))


def test_organizer_sends_it(camp, organizer):
    announcement = announce(camp)

    response = send_as_seen(browser(organizer), announcement)

    assert response.url == url_of(announcement, "change")
    assert messages_of(response) == ["It goes out to 2 people now."]
    assert stored(announcement)[1:] == (organizer, 2)


@pytest.mark.parametrize("changes", [{"title": "Room changed again"}, {"body": "Another map."}, {"stage": True}])
def test_what_changed_after_it_was_seen_is_shown_again(camp, organizer, changes):
    announcement, client = announce(camp), browser(organizer)
    seen = seen_by(client, announcement)
    changes = changes | ({"stage": make_stage(camp)} if "stage" in changes else {})
    Announcement.objects.update(**changes)

    response = client.post(url_of(announcement), {"seen": seen})

    assert response.status_code == 409
    assert "It was changed after you saw it, so nothing was sent. This is how it would go out now." in response.text
    assert (told(), stored(announcement)) == ([], (None, None, None))


def test_what_is_shown_again_can_be_sent(camp, organizer):
    announcement, client = announce(camp), browser(organizer)
    seen = seen_by(client, announcement)
    Announcement.objects.update(title="Another room")
    shown = client.post(url_of(announcement), {"seen": seen})

    response = client.post(url_of(announcement), {"seen": shown.context["seen"]})

    assert "Another room" in shown.text
    assert messages_of(response) == ["It goes out to 2 people now."]


def test_who_sends_without_having_seen_it_is_shown_it(camp, organizer):
    announcement = announce(camp)

    response = browser(organizer).post(url_of(announcement))

    assert (response.status_code, told()) == (409, [])


def test_who_came_after_it_was_seen_gets_it_too(camp, organizer):
    announcement, client = announce(camp), browser(organizer)
    seen = seen_by(client, announcement)
    make_enrollment(camp)

    response = client.post(url_of(announcement), {"seen": seen})

    assert messages_of(response) == ["It goes out to 3 people now."]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_second_time_is_refused_with_who_sent_it(camp, organizer, method):
    announcement = announce(camp)
    send(announcement, organizer)

    response = getattr(browser(make_superuser()), method)(url_of(announcement))

    assert response.url == url_of(announcement, "change")
    assert messages_of(response)[0].startswith("Olive sent it by mail already: ")
    assert len(told()) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_news_of_tomorrow_cannot_be_sent(camp, organizer, method):
    announcement = announce(camp, published_at=NOW + timedelta(days=365 * 99))

    response = getattr(browser(organizer), method)(url_of(announcement))

    assert messages_of(response) == ["This announcement is not published yet. It can be sent from then on."]
    assert told() == []


def test_news_for_nobody_shows_no_button(organizer):
    announcement = announce(make_camp("empty"))

    response = browser(make_superuser()).get(url_of(announcement))

    assert "there is nobody to send it to" in response.text
    assert 'type="submit" class="default"' not in response.text


@pytest.mark.parametrize("role", [StaffRole.Role.TEACHER, StaffRole.Role.ASSISTANT, StaffRole.Role.MENTOR])
def test_other_staff_see_the_announcement_and_do_not_send_it(camp, role):
    announcement, client = announce(camp), browser(make_staff_role(camp, role=role).user)

    assert client.get(url_of(announcement)).status_code == 404
    assert client.post(url_of(announcement)).status_code == 404
    assert "Send by mail" not in client.get(url_of(announcement, "change")).text
    assert told() == []


def test_an_organizer_of_another_camp_gets_404(camp):
    client = browser(make_staff_role(make_camp("autumn")).user)

    assert {client.get(url_of(announce(camp))).status_code, client.post(url_of(announce(camp))).status_code} == {404}


def test_the_button_is_there_until_it_is_sent(camp, organizer):
    announcement, client = announce(camp), browser(organizer)
    before = client.get(url_of(announcement, "change")).text
    send(announcement, organizer)
    after = client.get(url_of(announcement, "change")).text

    assert ("Send by mail…" in before, "Send by mail…" in after) == (True, False)
    assert ("By mail" in before, "By mail" in after) == (False, True)


def test_the_list_shows_what_was_sent(camp, organizer):
    send(announce(camp), organizer)
    announce(camp, title="Another")

    page = browser(organizer).get(LIST).text

    assert 'class="field-mailed">to 2 people<' in page
    assert 'class="field-mailed">-<' in page


@pytest.mark.parametrize(("query", "titles"), [("yes", ["First"]), ("no", ["Second"]), ("x", ["Second", "First"])])
def test_the_list_is_filtered_by_what_was_sent(camp, organizer, query, titles):
    send(announce(camp, title="First"), organizer)
    announce(camp, title="Second")

    shown = browser(organizer).get(LIST, {"mailed": query}).context["cl"].result_list

    assert [row.title for row in shown] == titles


def test_saving_an_announcement_sends_nothing_and_keeps_that_it_was_sent(camp, organizer):
    announcement = announce(camp)
    send(announcement, organizer)
    Mail.objects.all().delete()
    data = {"camp": camp.pk, "title": "Room", "published_at_0": "2024-07-24", "published_at_1": "10:00"}

    response = browser(organizer).post(url_of(announcement, "change"), data)

    assert response.url == LIST
    assert Announcement.objects.get().title == "Room"
    assert stored(announcement) == (NOW, organizer, 2)
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("is_new", [True, False])
def test_saving_an_announcement_offers_the_mail(camp, organizer, is_new):
    announcement = None if is_new else announce(camp)
    url = reverse("admin:stages_announcement_add") if is_new else url_of(announcement, "change")

    said = saved(browser(organizer), url, camp)

    link = url_of(Announcement.objects.get())
    assert said[1:] == [f'It is on the pages of the camp. <a href="{link}">Send it by mail…</a>']


def test_saving_what_was_sent_offers_no_mail(camp, organizer):
    announcement = announce(camp)
    send(announcement, organizer)

    assert len(saved(browser(organizer), url_of(announcement, "change"), camp)) == 1


def test_saving_what_is_not_published_yet_offers_no_mail(camp, organizer):
    url = reverse("admin:stages_announcement_add")

    assert len(saved(browser(organizer), url, camp, published_at_0="2199-01-01")) == 1


def test_saving_in_a_hidden_camp_offers_no_mail(camp, organizer):
    type(camp).objects.update(is_published=False)

    assert len(saved(browser(organizer), reverse("admin:stages_announcement_add"), camp)) == 1
