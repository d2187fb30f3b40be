"""A student's uploads of the last 30 days: the own ones, and those under a login that nobody has linked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from camp.rankings import corrections
from camp.rankings.models import Attempt
from camp.rankings.uploads.diagnostics import ROWS
from tests.admin_world import in_english
from tests.factories import (
    make_attempt,
    make_course,
    make_enrollment,
    make_identity,
    make_running_camp,
    make_stage,
    make_student,
    make_superuser,
)

pytestmark = pytest.mark.django_db
URL, LOGIN_URL = "/my/uploads/", "/my/uploads/login/"


@pytest.fixture
def course():
    return make_course(make_stage(make_running_camp()), max_points=30, upload_id=1699, name="Harbour C++")


@pytest.fixture
def student(course):
    enrollment = make_enrollment(course.camp, at=timezone.now())
    make_identity(enrollment.student, login="lin")
    return enrollment.student


@pytest.fixture
def reader(client, student):
    in_english(client).force_login(student)
    return client


def accepted(course, *, login="lin", ago=timedelta(hours=1), **fields):
    return make_attempt(course, login=login, at=timezone.now() - ago, **{"status": 200} | fields)


def refused(course, *, reason="above_maximum", detail="score is error", **fields):
    kind = {"outcome": Attempt.Outcome.REFUSED, "reason": reason, "detail": detail}
    return accepted(course, **kind | {"status": 400} | fields)


def found(response):
    return [line.attempt.pk for line in response.context["page"].lines]


def test_all_own_uploads_are_listed_the_newest_first(reader, course, student):
    make_identity(student, login="lin-at-work", channel="gitee")
    elsewhere = make_course(make_stage(make_running_camp("winter")))
    old = accepted(course, ago=timedelta(days=3))
    mine = [
        refused(course),
        accepted(elsewhere, login="lin-at-work", channel="gitee", ago=timedelta(minutes=2)),
        refused(None, reason="unknown_course", ago=timedelta(0), status=404),
    ]

    assert found(reader.get(URL)) == [mine[2].pk, mine[1].pk, mine[0].pk, old.pk]


def test_uploads_of_others_and_older_ones_are_not(reader, course):
    accepted(course, login="somebody")
    accepted(course, ago=timedelta(days=31))

    assert found(reader.get(URL)) == []


def test_a_refused_upload_shows_the_answer_to_the_byte_the_reason_and_what_to_do(reader, course):
    refused(course, points=600)

    page = reader.get(URL).content.decode()

    assert "{&quot;result&quot;:400,&quot;msg&quot;:&quot;score is error&quot;}" in page
    assert "The score is above the course&#x27;s maximum." in page
    assert "up to the full marks" in page


def test_an_accepted_upload_shows_what_ci_read(reader, course):
    accepted(course)

    assert "{&quot;result&quot;:1,&quot;msg&quot;:&quot;&quot;}" in reader.get(URL).content.decode()


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"status": None}, "score is error"),
        ({"answer": {"error": {"message": "No.", "code": "x"}}}, '{"error": {"code": "x", "message": "No."}}'),
    ],
    ids=["before statuses were kept", "refused proven one"],
)
def test_other_answers_are_shown_as_they_were_given(reader, course, fields, answer):
    refused(course, **fields)

    assert [line.answer for line in reader.get(URL).context["page"].lines] == [answer]


def test_a_disqualified_and_a_moved_upload_say_so_with_the_reason(reader, course):
    other = make_course(course.stage, name="Rust")
    corrections.disqualify(accepted(course, points=3), by=make_superuser(), reason="Copied from a friend.")
    corrections.move(accepted(course, points=4), to_course=other, by=make_superuser(), reason="Wrong courseId.")

    lines = reader.get(URL).context["page"].lines

    assert [line.notes for line in lines] == [
        ["The staff moved it to Rust: Wrong courseId."],
        ["The staff disqualified it, so it does not count: Copied from a friend."],
    ]


def test_a_correction_that_was_taken_back_is_not_shown(reader, course):
    line = corrections.disqualify(accepted(course), by=make_superuser(), reason="Copied.")
    corrections.revert(line, by=make_superuser(), reason="It was the friend.")

    assert reader.get(URL).context["page"].lines[0].notes == []


def test_an_accepted_upload_that_is_on_no_board_says_why(reader, course):
    accepted(make_course(make_stage(make_running_camp("winter"))))

    assert "no place in the camp" in reader.get(URL).context["page"].lines[0].notes[0]


def test_a_claimed_upload_where_proof_is_asked_says_so(reader, course):
    course.counts = "proven"
    course.save()
    accepted(course)

    assert "proven score" in reader.get(URL).context["page"].lines[0].notes[0]


def test_the_list_is_narrowed_by_course_and_to_refused_ones(reader, course):
    rust = make_course(course.stage)
    first, second, third = accepted(course), refused(course), refused(rust)

    narrowed = [{"course": course.pk}, {"refused": "on"}, {"course": course.pk, "refused": "on"}]

    assert [found(reader.get(URL, query)) for query in narrowed] == [
        [second.pk, first.pk], [third.pk, second.pk], [second.pk]
    ]  # fmt: skip


def test_a_course_without_own_uploads_is_no_choice(reader, course):
    accepted(course)
    stranger = make_course(make_stage(make_running_camp("winter")))

    response = reader.get(URL, {"course": stranger.pk})

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["course"])


@pytest.mark.parametrize("course_id", ["x", "-1", "9" * 40, "\x00"])
def test_a_course_that_is_none_gets_a_sentence(reader, course_id):
    response = reader.get(URL, {"course": course_id})

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["course"])


def test_pages_follow_each_other_without_a_gap_also_at_one_moment(reader, course):
    moment = timezone.now() - timedelta(hours=2)
    rows = [make_attempt(course, login="lin", at=moment) for _row in range(ROWS + 2)]

    first = reader.get(URL, {"refused": ""})
    second = reader.get(URL, {"before": first.context["page"].cursor})

    assert found(first) + found(second) == [row.pk for row in reversed(rows)]
    assert second.context["page"].cursor == ""


def test_the_link_to_older_ones_keeps_the_filter(reader, course):
    for _row in range(ROWS + 1):
        refused(course)

    response = reader.get(URL, {"refused": "on"})

    cursor = response.context["page"].cursor
    assert f"?refused=on&amp;before={cursor}" in response.content.decode()


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1-1", "9" * 30 + "-1", "1-" + "9" * 30, "٣-١"])
def test_a_cursor_that_is_none_is_404(reader, cursor):
    assert reader.get(URL, {"before": cursor}).status_code == 404


def test_the_largest_cursor_is_one(reader):
    assert reader.get(URL, {"before": "9" * 16 + "-" + "9" * 18}).status_code == 200


def test_more_uploads_cost_no_more_queries(reader, course, django_assert_num_queries, django_assert_max_num_queries):
    accepted(course)
    reader.get(URL)  # The first request of a session writes that it was seen.
    with django_assert_max_num_queries(14) as one:
        reader.get(URL)
    corrections.disqualify(accepted(course), by=make_superuser(), reason="Copied.")
    refused(make_course(make_stage(make_running_camp("winter"))))

    with django_assert_num_queries(len(one)):
        reader.get(URL)


def test_the_empty_list_says_what_will_appear(reader):
    assert "No uploads in the last 30 days" in reader.get(URL).content.decode()


def test_without_a_login_the_page_asks_for_it(client):
    in_english(client).force_login(make_student())

    assert "No login linked yet" in client.get(URL).content.decode()


@pytest.mark.parametrize("address", [URL, LOGIN_URL, "/my/uploads/check/"])
def test_it_is_for_those_who_signed_in(client, db, address):
    assert client.get(address).status_code == 302


def ask(reader, login="new-lin", channel="github"):
    return reader.get(LOGIN_URL, {"channel": channel, "login": login})


@pytest.mark.parametrize("typed", ["new-lin", "NEW-lin", "@new-lin", "https://github.com/new-lin"])
def test_uploads_under_a_login_that_nobody_linked_are_found_however_it_is_typed(reader, course, typed):
    mine = [accepted(course, login="New-Lin"), refused(None, login="new-lin", reason="unknown_course")]

    assert found(ask(reader, typed)) == [mine[1].pk, mine[0].pk]


def test_it_says_that_they_count_as_soon_as_the_login_is_linked(reader, course):
    accepted(course, login="new-lin")

    response = ask(reader)

    assert response.context["page"].lines[0].notes == ["It counts as soon as you link this login."]
    assert "Link new-lin to my account" in response.content.decode()


def test_the_button_links_the_login_and_its_uploads_are_in_the_list(reader, course):
    attempt = accepted(course, login="new-lin")

    reader.post("/my/identities/", {"channel": "github", "login": "new-lin"})

    assert found(reader.get(URL)) == [attempt.pk]


def test_only_those_to_camps_of_the_reader_are_shown(reader, course):
    accepted(make_course(make_stage(make_running_camp("winter"))), login="new-lin")

    assert found(ask(reader)) == []


def test_older_ones_and_those_of_another_channel_are_not_shown(reader, course):
    accepted(course, login="new-lin", ago=timedelta(days=31))
    accepted(course, login="new-lin", channel="gitee")

    assert found(ask(reader)) == []


def test_a_proven_upload_goes_by_its_numeric_id_not_by_its_name(reader, course):
    accepted(course, login="new-lin", source="proven")
    unlinked = refused(course, login="new-lin", source="proven", reason="actor_unlinked", status=403)

    assert found(ask(reader)) == [unlinked.pk]


@pytest.mark.parametrize("fields", [{}, {"unlinked_at": timezone.now}], ids=["linked", "unlinked"])
def test_a_login_of_another_account_is_refused_with_a_sentence(reader, course, fields):
    make_identity(login="theirs", **{name: value() for name, value in fields.items()})
    accepted(course, login="theirs")

    response = ask(reader, "theirs")

    assert response.context["page"] is None
    assert "already linked to an account, or was" in response.context["login_form"].errors["login"][0]


def test_a_login_of_ones_own_is_in_the_list_already(reader):
    assert "linked to your account already" in ask(reader, "lin").context["login_form"].errors["login"][0]


def test_a_login_that_was_unlinked_can_be_looked_at_again(reader, student, course):
    make_identity(student, login="new-lin", unlinked_at=timezone.now() - timedelta(hours=2))
    attempt = accepted(course, login="new-lin")

    assert found(ask(reader)) == [attempt.pk]


def test_what_came_before_a_name_was_owned_is_not_shown(reader, student, course):
    owned_from = timezone.now() - timedelta(hours=2)
    make_identity(student, login="new-lin", owned_from=owned_from, unlinked_at=timezone.now())
    accepted(course, login="new-lin", ago=timedelta(hours=3))
    later = accepted(course, login="new-lin")

    assert found(ask(reader)) == [later.pk]


@pytest.mark.parametrize("login", ["", "no login", "https://example.org/lin", "\x00"])
def test_what_is_no_login_gets_a_sentence(reader, login):
    response = ask(reader, login)

    assert (response.status_code, list(response.context["login_form"].errors)) == (200, ["login"])


def test_a_channel_that_is_none_gets_a_sentence(reader):
    assert list(ask(reader, channel="x").context["login_form"].errors) == ["channel"]


def test_asking_very_often_is_429_with_a_sentence(reader, monkeypatch):
    monkeypatch.setattr("camp.rankings.uploads.limits.LOOKS_A_MINUTE", 1)

    statuses = [ask(reader).status_code for _time in range(2)]

    assert statuses == [200, 429]


def test_looking_costs_no_more_with_more_uploads(
    reader, course, django_assert_num_queries, django_assert_max_num_queries
):
    accepted(course, login="new-lin")
    ask(reader)
    with django_assert_max_num_queries(10) as one:
        ask(reader)
    for _row in range(2):
        refused(course, login="new-lin")

    with django_assert_num_queries(len(one)):
        ask(reader)


def test_the_page_of_a_course_the_menu_and_the_own_page_lead_here(reader, course):
    refused(course)
    link = f'href="{URL}"'

    pages = [reader.get(address).content.decode() for address in (f"{course.get_absolute_url()}?tab=exercises", "/my/")]

    assert [page.count(link) for page in pages] == [2, 2]
