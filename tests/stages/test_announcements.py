"""Announcements by mail: seen as they will be, then sent once to everybody concerned."""

from datetime import timedelta
from functools import partial

import pytest

from camp.notices import services as notices
from camp.notices.models import Mail, Notice
from camp.stages import announcements, services
from camp.stages.models import Announcement
from camp.stages.services import StageError
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    make_camp,
    make_enrollment,
    make_staff_role,
    make_stage,
    make_student,
    make_user,
)
from tests.stages.announcing import announce, make_audience, mark_of, send, stored, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    """Overrides the camp of the rules."""
    return make_audience()


@pytest.fixture
def organizer(camp):
    return make_staff_role(camp, user=make_user("olive", language="en")).user


# Sending.


def test_everybody_in_the_camp_gets_the_mail_and_the_notice(camp, organizer, settings):
    announcement = announce(camp)

    assert send(announcement, organizer) == 2
    assert told() == ["ash", "rowan"]
    assert stored(announcement) == (NOW, organizer, 2)
    mail = Mail.objects.get(to="rowan@example.org")
    assert mail.subject == "Summer camp: Room changed"
    assert mail.body == (
        "Hello Rowan,\n\nSummer camp: Room changed\n\n"
        f"See the map ({settings.SITE_URL}/map/).\n\n"
        "This goes to everybody who is enrolled in Summer camp. You can read it here too:\n\n"
        f"{settings.SITE_URL}{camp.get_absolute_url()}#announcement-{announcement.pk}\n\n"
        f"--\nCamp · All your notices: {settings.SITE_URL}/my/notices/\n"
    )


def test_the_link_leads_to_the_announcement_on_the_page_of_the_camp(camp, client):
    announcement = announce(camp)
    send(announcement)

    path, _hash, anchor = Notice.objects.first().url.partition("#")
    assert f'id="{anchor}"' in client.get(path).content.decode()


def test_only_active_students_get_it(camp):
    make_enrollment(camp, student=make_student(is_active=False))
    make_enrollment(make_camp("autumn"))
    for status in ("applied", "waiting", "declined", "withdrawn", "removed"):
        make_enrollment(camp, status=status)
    Notice.objects.all().delete()

    send(announce(camp))

    assert told() == ["ash", "rowan"]


def test_news_of_a_stage_is_for_those_admitted_to_it(camp, staff):
    stage = make_stage(camp)
    rowan, ash = camp.enrollments.order_by("id")
    held = make_enrollment(camp)
    services.promote(rowan, stage, by=staff, reason="Well done.")
    services.promote(ash, stage, by=staff, reason="Well done.")
    services.revert(ash, stage, by=staff, reason="Copied.")
    services.revert(held, stage, by=staff, reason="Copied.")
    Notice.objects.all().delete()

    assert send(announce(camp, stage=stage)) == 1
    assert told() == ["rowan"]


def test_an_announcement_without_a_text_is_its_title(camp):
    send(announce(camp, body=""))

    assert Notice.objects.first().body.startswith("This goes to everybody")


def test_it_is_sent_once_and_the_second_is_told_who_was_quicker(camp, organizer):
    announcement = announce(camp)
    send(announcement, organizer)

    with pytest.raises(StageError) as refusal:
        send(announcement)  # A stale instance: it does not know.

    assert str(refusal.value) == (
        "Olive sent it by mail already: July 24, 2024, 8 p.m.. An announcement goes out once; write a new one."
    )
    assert len(told()) == 2


def test_words_that_changed_after_they_were_seen_are_not_sent(camp, organizer):
    announcement = announce(camp)
    Announcement.objects.update(body="Something else.")

    with pytest.raises(announcements.ChangedError, match="so nothing was sent"):
        send(announcement, organizer)  # A stale instance: its mark is of the words before.

    assert (told(), stored(announcement)) == ([], (None, None, None))


def test_a_mark_is_of_the_camp_and_the_stage_too(camp, organizer):
    announcement = announce(camp)
    before = mark_of(announcement, organizer)
    announcement.camp.name = "Autumn camp"

    assert mark_of(announcement, organizer) != before


def test_an_announcement_that_is_not_published_is_refused(camp):
    announcement = announce(camp, published_at=NOW + timedelta(seconds=1))

    with pytest.raises(StageError, match="not published yet"):
        send(announcement)

    assert (told(), stored(announcement)) == ([], (None, None, None))


def test_an_announcement_put_off_meanwhile_is_refused(camp):
    announcement = announce(camp)
    Announcement.objects.update(published_at=NOW + timedelta(days=1))

    with pytest.raises(StageError, match="not published yet"):
        send(announcement)


def test_an_announcement_deleted_meanwhile_is_refused(camp):
    announcement = announce(camp)
    Announcement.objects.all().delete()

    with pytest.raises(StageError, match="not here any more"):
        send(announcement)


def test_an_announcement_of_a_hidden_camp_is_refused(camp):
    camp.is_published = False
    camp.save()

    with pytest.raises(StageError, match="nobody could follow the link"):
        send(announce(camp))


def test_an_announcement_for_nobody_can_be_sent_later():
    announcement = announce(make_camp("empty"))

    with pytest.raises(StageError, match="Nobody is concerned yet"):
        send(announcement)

    assert stored(announcement) == (None, None, None)


def test_what_could_not_be_queued_is_not_sent(camp, monkeypatch):
    announcement = announce(camp)
    monkeypatch.setattr(notices, "queue_all", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send(announcement)

    assert stored(announcement) == (None, None, None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_organizers_at_once_send_it_once(camp):
    announcement, people = announce(camp), [make_user() for _number in range(4)]

    outcomes = at_once(
        [
            partial(announcements.send, announcement, by=person, seen=mark_of(announcement, person), at=NOW)
            for person in people
        ]
    )

    assert sorted(str(outcome) for outcome in outcomes if not isinstance(outcome, StageError)) == ["2"]
    assert len(told()) == 2


# The preview.


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_preview_is_the_mail_as_it_goes_out(camp, language):
    announcement, reader = announce(camp), make_enrollment(camp, student=make_student("elm", language=language)).student
    Mail.objects.all().delete()
    seen = announcements.previews(announcement, reader=reader)

    send(announcement)

    mail = Mail.objects.get(to=reader.email)
    name = {"en": "English", "zh-hans": "Simplified Chinese"}[language]
    shown = next(preview for preview in seen if name in [str(word) for word in preview.languages])
    assert (shown.subject, shown.body) == (mail.subject, mail.body)


def test_preview_stores_nothing(camp):
    announcements.previews(announce(camp), reader=make_user())

    assert (Mail.objects.count(), Notice.objects.count()) == (0, 0)


def test_preview_shows_equal_words_once(camp, monkeypatch):
    mail = Mail(subject="Same", body="Same")
    monkeypatch.setattr(notices, "preview", lambda *args, **kwargs: mail)

    seen = announcements.previews(announce(camp), reader=make_user())

    assert [[str(name) for name in preview.languages] for preview in seen] == [["English", "Simplified Chinese"]]
