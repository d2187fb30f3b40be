"""The secrets of meetings, searched for in every byte that anybody without a right to them is sent.

Every address of the site is opened and posted to as each kind of person; a new one is covered without a change here.
"""

import itertools
import json
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse

from camp.camps.models import Reveal, StaffRole
from camp.classrooms.models import CalendarFeed, Material, Meeting, Recording
from camp.enrollment import services as enrollment_services
from camp.enrollment.models import Enrollment
from camp.notices.models import Mail, Notice
from tests.admin_world import address as admin_address
from tests.factories import (
    make_course,
    make_enrollment,
    make_meeting,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_student,
)
from tests.secret_place import HOUR, MARK, Place

STAYS_SIGNED_IN = re.compile(r"accounts/|language/")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place(db, media):
    return Place()


def anonymous(place):
    return None


def stranger(place):
    return make_student()


def withdrawn(place):
    enrollment = make_enrollment(place.camp, at=place.now)
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    return enrollment.student


def student_of_another_camp(place):
    camp = make_running_camp("winter", organization=place.camp.organization)
    make_meeting(course=make_course(make_stage(camp)), starts_at=place.now)
    return make_enrollment(camp, at=place.now).student


def organizer_of_another_camp(place):
    camp = make_running_camp("winter", organization=place.camp.organization)
    return make_staff_role(camp).user


OUTSIDERS = [anonymous, stranger, withdrawn, student_of_another_camp, organizer_of_another_camp]


def patterns(found=None, before=""):
    """Every address pattern of the site but the admin's, as one text."""
    for pattern in get_resolver().url_patterns if found is None else found:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif not route.startswith("admin/"):
            yield from patterns(pattern.url_patterns, route)


def addresses(place):
    """Every address of the site, filled in with the camp's own words and with the ids of what has secrets."""
    words = {"organization": place.camp.organization.slug, "slug": place.camp.slug, "key": place.key, "number": "1"}
    words["token"] = CalendarFeed.objects.get_or_create(user=place.student)[0].token
    rows = (
        place.recordings[0],
        place.recordings[1],
        place.materials[0],
        place.materials[1],
        place.question,
        place.answer,
    )
    ids = {str(row.pk) for row in rows} | {str(Enrollment.objects.get(student=place.student).pk)}
    for route in patterns():
        if route.startswith("accounts/"):
            continue
        parts = re.split(r"<(?:\w+:)?(\w+)>", route)
        choices = [[part] if index % 2 == 0 else [words[part]] if part in words else sorted(ids)
                   for index, part in enumerate(parts)]  # fmt: skip
        yield from ("/" + "".join(chosen) for chosen in itertools.product(*choices))


def with_queries(address):
    """An address as it stands, and with what its page understands."""
    yield address
    if "/stage/" in address and address.endswith("/stage/1/"):
        yield from (f"{address}?tab={tab}&q={MARK}" for tab in ("classroom", "video", "rank", "exercises", "qa"))


def other_meetings(place, address):
    """The same address of every meeting."""
    if f"/meetings/{place.key}/" not in address:
        return [address]
    return [address.replace(f"/meetings/{place.key}/", f"/meetings/{meeting.key}/") for meeting in place.meetings]


def all_addresses(place):
    found = [one for path in addresses(place) for asked in with_queries(path) for one in other_meetings(place, asked)]
    return sorted(set(found))


def bytes_of(response):
    """Everything that the answer holds, headers, cookies and the pieces of a stream included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.serialize_headers().decode()}\n{response.cookies}\n{content.decode('utf-8', 'replace')}"


def leaks(client, place, *, methods):
    for address in all_addresses(place):
        for method in methods:
            data = {"code": "000000", "title": "A title", "text": "A text", "reason": "A reason"}
            response = getattr(client, method)(address, data if method == "post" else None)
            assert response.status_code < 500, (method, address)
            yield from ((method, address, secret) for secret in place.found_in(bytes_of(response)))


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_no_answer_tells_an_outsider_a_secret(client, place, outsider):
    person = outsider(place)
    if person:
        client.force_login(person)

    assert list(leaks(client, place, methods=("get", "post"))) == []
    assert not Reveal.objects.filter(user=person).exists()


def test_no_page_tells_a_student_a_secret_before_it_is_asked_for(client, place):
    """But what students may read without a button: questions and answers, and released materials."""
    client.force_login(place.student)
    open_to_students = [secret for secret in place.secrets if secret in str(shown_to_students(place))]

    found = {(method, address, secret) for method, address, secret in leaks(client, place, methods=("get",))}

    assert [leak for leak in found if leak[2] not in open_to_students] == []


def shown_to_students(place):
    released = [row for row in place.materials if row.is_released_at(place.now)]
    files = [Path(row.file.path).read_text() for row in released if row.file]
    return [place.question.text, place.answer.text, *[row.url for row in released], *files]


def test_the_search_finds_what_is_there(client, place):
    """The test above is no use if its secrets cannot be found at all: the entitled student is shown them."""
    client.force_login(place.student)

    found = {secret for _method, _address, secret in leaks(client, place, methods=("post", "get"))}

    running, over = place.meetings[0], place.recordings[1]
    assert {running.join_url.rpartition("/")[2], running.number, running.passcode} <= found
    assert {over.url.rpartition("/")[2], over.passcode} <= found


def test_no_mail_and_no_notice_holds_a_secret(place):
    coming = place.meetings[5]
    Meeting.objects.filter(pk=coming.pk).update(told_starts_at=coming.starts_at - HOUR, told_ends_at=coming.ends_at)
    cancelled = place.meetings[2]
    Meeting.objects.filter(pk=cancelled.pk).update(
        told_starts_at=cancelled.starts_at, told_ends_at=cancelled.ends_at, told_cancelled=True
    )
    Meeting.history.update(history_date=place.now - HOUR)

    call_command("send_notices")

    told = set(Notice.objects.values_list("kind", flat=True))
    assert {"classrooms/reminder", "classrooms/moved", "classrooms/restored"} <= told
    everything = [
        *Mail.objects.values_list("subject", "body", "html"),
        *Notice.objects.values_list("title", "body", "url"),
    ]
    assert place.found_in(json.dumps(everything)) == []


def admin_pages(place):
    """Lists, searches, pages, histories and look-ups around everything that has secrets."""
    lists = [reverse(admin_address(model, "changelist")) for model in admin.site._registry]
    yield from (url + query for url in lists for query in ("", f"?q={MARK}"))
    for row in (*place.meetings, *place.recordings, *place.materials, place.stage, place.camp):
        yield from (reverse(admin_address(type(row), view), args=[row.pk]) for view in ("change", "history", "delete"))
    for model in (Meeting, Recording, Material):
        for field in model._meta.concrete_fields:
            names = f"app_label=classrooms&model_name={model._meta.model_name}&field_name={field.name}"
            yield f"{reverse('admin:autocomplete')}?{names}&term={MARK}"


def test_the_admin_tells_no_secret_to_staff_of_another_camp(client, place):
    client.force_login(organizer_of_another_camp(place))

    found = [(page, secret) for page in admin_pages(place) for secret in place.found_in(bytes_of(client.get(page)))]

    assert found == []


def test_the_admin_tells_a_mentor_no_secret(client, place):
    client.force_login(make_staff_role(place.camp, role=StaffRole.Role.MENTOR).user)

    found = [(page, secret) for page in admin_pages(place) for secret in place.found_in(bytes_of(client.get(page)))]

    assert found == []


def test_a_calendar_holds_no_secret_even_for_its_student(client, place):
    feed, _created = CalendarFeed.objects.get_or_create(user=place.student)

    response = client.get(reverse("classrooms:feed", args=[feed.token]))

    assert response.status_code == 200
    unfolded = bytes_of(response).replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == len(place.meetings)
    assert place.found_in(unfolded) == []
