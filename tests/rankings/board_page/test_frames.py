"""A page that is rendered once for many readers shows each of them their own, and nobody anything of another's."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from camp.accounts.models import User
from camp.notices.models import Notice
from camp.rankings import appearances
from camp.rankings.board_page import board_views, frames, page_frames
from tests.factories import (
    make_course,
    make_enrollment,
    make_running_camp,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
    make_superuser,
)

pytestmark = pytest.mark.django_db
SHARP = "<b>\"Wren\" & 'Marsh'</b>"


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), number=1, name="Rust course")


def student_of(course, name, points=None):
    enrollment = make_enrollment(course.camp, student=make_student(display_name=name), at=course.camp.starts_at)
    if points is not None:
        make_standing(course, enrollment, points=points)
    return enrollment


@pytest.fixture
def readers(course):
    """Everybody who may see something of their own: with a name in HTML, hidden, without a place, staff, nobody."""
    hidden = student_of(course, "Finch Reed", 12)
    appearances.choose(hidden, mode="nickname", nickname="Heron")
    sharp = student_of(course, SHARP, 20)
    Notice.objects.create(recipient=sharp.student, kind="x", title="x", body="x")
    others = [student_of(course, "Rowan Pike", 20), hidden, student_of(course, "Late Comer"), sharp]
    staff = [make_staff_role(course.camp).user, make_staff_role(course.camp, role="mentor").user, make_superuser()]
    return [enrollment.student for enrollment in others] + staff + [None]


def read(course, user, language="en", **query):
    client = Client(headers={"Accept-Language": language})
    if user:
        client.force_login(user)
    return client.get(course.get_absolute_url(), {"tab": "rank"} | query)


def without_tokens(response):
    return re.sub(r'(name="csrfmiddlewaretoken" value)="\w+"', r"\1", response.text)


@pytest.mark.parametrize("query", [{}, {"part": "rows"}, {"page": "1"}, {"board": "frozen"}])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_filled_frame_is_the_page_as_it_is_rendered_at_once(course, readers, monkeypatch, query, language):
    for user in reversed(readers):
        read(course, user, language, **query)

    kept = [without_tokens(read(course, user, language, **query)) for user in readers]
    caches["boards"].clear()
    monkeypatch.setattr(frames, "framed", None)
    for module in (board_views, page_frames):
        monkeypatch.setattr(module, "framed", rendered_at_once, raising=False)
    monkeypatch.setattr("camp.rankings.board_page.rendering.framed", rendered_at_once)
    monkeypatch.setattr(page_frames, "is_common", lambda asked, number: False)
    plain = [without_tokens(read(course, user, language, **query)) for user in readers]

    assert kept == plain


def rendered_at_once(template, shared, own, *, request=None):
    return frames.render_to_string(template, shared | own, request=request)


def test_no_reader_is_shown_what_is_anothers(course, readers):
    shown = {user: read(course, user).text for user in readers}

    for place, text in enumerate(shown.values()):
        menu = text[text.index('<header class="site-header"') : text.index("<main")]
        named = [name for name in ("Rowan Pike", "Finch Reed", "Late Comer", "Wren") if name in menu]
        assert named == ["Rowan Pike", "Finch Reed", "Late Comer", "Wren"][place : place + 1]
        assert text.count('id="me"') == (place in (0, 1, 3))
        assert SHARP not in text
    assert "&lt;b&gt;&quot;Wren&quot; &amp; &#x27;Marsh&#x27;&lt;/b&gt;" in shown[readers[3]]
    unread = [re.findall(r'class="count">(\d+)<', text) for text in shown.values()]
    assert unread == [["1"], ["1"], ["1"], ["2"], [], [], [], []]
    assert frames._MARK not in "".join(shown.values())


def test_frame_is_rendered_once_for_readers_who_see_the_same(course, monkeypatch):
    first, second = student_of(course, "Rowan Pike", 20), student_of(course, SHARP, 12)
    read(course, first.student)
    monkeypatch.setattr(frames, "render_to_string", None)

    text = read(course, second.student).text

    assert "Rowan Pike" not in text[: text.index("<main")]


def test_every_reader_is_given_a_token_that_works_in_a_form(course):
    first, second = student_of(course, "Rowan Pike"), student_of(course, "Wren Marsh")
    clients = [Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)]
    tokens = []
    for client, enrollment in zip(clients, (first, second), strict=True):
        client.force_login(enrollment.student)
        text = client.get(course.get_absolute_url(), {"tab": "rank"}).text
        tokens.append(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[0])

    def sign_out(client, token):
        return client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}).status_code

    assert sign_out(clients[0], tokens[1]) == 403
    assert [sign_out(*pair) for pair in zip(clients, tokens, strict=True)] == [302, 302]


def test_message_is_said_once_and_stays_in_no_frame(course):
    enrollment = student_of(course, "Rowan Pike", 20)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(enrollment.student)
    client.get(course.get_absolute_url(), {"tab": "rank"})
    client.post(reverse("rankings:appearance", args=course.camp.address), {"mode": "name", "nickname": ""})

    pages = [client.get(course.get_absolute_url(), {"tab": "rank"}) for _ in range(2)]

    assert ["Saved." in page.text for page in pages] == [True, False]
    assert len(get_messages(pages[1].wsgi_request)) == 0
    assert "Saved." not in read(course, student_of(course, "Wren Marsh").student).text


@pytest.mark.parametrize("query", [{"q": "<i>z-z"}, {"rank": "<i>z-z"}, {"x": "<i>z-z"}, {"page": "1", "tab": "rank"}])
def test_what_one_reader_asks_for_is_shown_to_no_other(course, query):
    first, second = student_of(course, "Rowan Pike", 20), student_of(course, "Wren Marsh", 12)
    read(course, first.student, **query)

    text = read(course, second.student).text

    assert "z-z" not in text
    assert "<i>" not in read(course, first.student, **query).text


@pytest.mark.parametrize("address", ["?tab=rank&tab=rank", "?tab=rank&page=01", "?tab=rank&board=x", "?tab=rank&x=1"])
def test_address_that_few_ask_for_is_not_kept(course, address, monkeypatch):
    read(course, None)
    monkeypatch.setattr(page_frames, "answer", None)

    assert Client().get(course.get_absolute_url() + address).status_code == 200


def test_own_address_is_what_the_language_switch_leads_back_to(course):
    assert 'value="/' in read(course, None).text
    client = Client()
    client.get(course.get_absolute_url(), {"tab": "rank"})
    elsewhere = course.get_absolute_url().replace("summer", "SUMMER")

    assert f'name="next" value="{elsewhere}?tab=rank"' in client.get(f"{elsewhere}?tab=rank").text


def test_new_name_is_in_the_menu_at_once(course):
    student = student_of(course, "Rowan Pike", 20).student
    read(course, student)
    User.objects.filter(pk=student.pk).update(display_name="Wren Marsh")

    assert "Wren Marsh" in read(course, student).text.partition("<main")[0]


def test_change_of_the_camp_or_course_is_seen_at_once(course):
    read(course, None)
    course.summary, course.camp.name, course.stage.name = "All of Rust", "Winter & camp", "First steps"
    for row in (course, course.camp, course.stage):
        row.save()

    text = read(course, None).text

    assert [word for word in ("All of Rust", "Winter &amp; camp", "First steps") if word not in text] == []


def test_page_that_is_kept_asks_for_eight_things(client, course, django_assert_num_queries):
    """Session, user, course with its camp, roles, board, stage after it, own place, unread notices."""
    client.force_login(student_of(course, "Rowan Pike", 20).student)
    client.get(course.get_absolute_url(), {"tab": "rank"})

    with django_assert_num_queries(8):
        client.get(course.get_absolute_url(), {"tab": "rank"})
