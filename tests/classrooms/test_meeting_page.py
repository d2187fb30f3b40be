"""The page of a meeting: what everybody reads, what students and staff are offered, and when."""

from datetime import timedelta

import pytest

from camp.classrooms.models import CheckIn
from camp.classrooms.services import correct
from tests.classrooms.visits import (
    END,
    OPENS,
    OUTSIDER_NAMES,
    OUTSIDERS,
    SECOND,
    START,
    Lesson,
    browser,
    check_ins,
    hidden_in,
    text,
)
from tests.factories import make_check_in, make_meeting, make_user

pytestmark = pytest.mark.django_db
JOIN = "Join the meeting"
CODE_FIELD = 'autocomplete="one-time-code"'
LATER = "The join button appears here at"


@pytest.fixture
def lesson(clock):
    return Lesson()


def page(lesson, user=None):
    return browser(user).get(lesson.url())


def offers(response):
    """Which of these the page has: the join button, the field for the code, the sentence when the button comes."""
    return [name for name in (JOIN, CODE_FIELD, LATER) if name in text(response)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (OPENS - SECOND, [LATER]),
        (OPENS, [JOIN, CODE_FIELD]),
        (START, [JOIN, CODE_FIELD]),
        (END - SECOND, [JOIN, CODE_FIELD]),
        (END, []),
    ],
    ids=["before", "opens", "starts", "last second", "over"],
)
def test_student_is_offered_the_way_in_while_it_is_open(lesson, clock, moment, expected):
    clock.now = moment

    response = page(lesson, lesson.student)

    assert (response.status_code, offers(response), hidden_in(response)) == (200, expected, [])


def test_teacher_joins_without_a_code_and_has_a_live_page(lesson, clock):
    clock.now = START

    response = page(lesson, lesson.teacher())

    assert (offers(response), hidden_in(response)) == ([JOIN], [])
    assert f'href="{lesson.url("live")}"' in text(response)


def test_student_has_no_live_page(lesson):
    assert lesson.url("live") not in text(page(lesson, lesson.student))


@pytest.mark.parametrize("moment", [OPENS - SECOND, START, END])
@pytest.mark.parametrize("who", [lambda lesson: None, *OUTSIDERS], ids=["anonymous", *OUTSIDER_NAMES])
def test_others_read_when_it_is_and_nothing_more(lesson, clock, who, moment):
    user = who(lesson)
    clock.now = moment

    response = page(lesson, user)

    assert response.status_code == 200
    assert all(fact in text(response) for fact in ("Ownership", "Ferris", "Wed 24 Jul 2024, 20:00"))
    assert (offers(response), hidden_in(response)) == ([], [])
    assert "The slides" not in text(response)
    assert "<form" not in text(response).partition("<main")[2].partition("</main>")[0]


def test_anonymous_visitor_is_led_to_sign_in_and_back(lesson):
    response = page(lesson)

    assert "Sign in first: this is for the students of this camp." in text(response)
    assert f"/accounts/login/?next={lesson.url()}" in text(response)


def test_times_are_told_in_the_zone_of_the_viewer_and_of_the_camp(lesson):
    response = page(lesson, make_user(time_zone="Europe/Berlin"))

    assert "Wed 24 Jul 2024, 14:00" in text(response)
    assert "(Berlin)" in text(response)
    assert "(Shanghai)" in text(response)


def test_cancelled_meeting_says_so_and_offers_nothing(lesson, clock):
    lesson.cancel()
    pages = []
    for moment in (OPENS - SECOND, START, END):
        clock.now = moment
        pages.append(page(lesson, lesson.student))

    assert [offers(response) for response in pages] == [[], [], []]
    assert ["This meeting is cancelled." in text(response) for response in pages] == [True, True, True]
    assert ["The slides" in text(response) for response in pages] == [False, False, False]
    assert [lesson.recording_url() in text(response) for response in pages] == [False, False, False]


def test_recordings_take_the_place_of_the_join_button(lesson, clock):
    clock.now = END - SECOND
    before = page(lesson, lesson.student)
    clock.now = END
    after = page(lesson, lesson.student)

    assert [lesson.recording_url() in text(response) for response in (before, after)] == [False, True]
    assert hidden_in(after) == []


def test_meeting_without_a_recording_says_that_it_will_come(lesson, clock):
    lesson.recording.delete()
    clock.now = END

    assert "No recording yet." in text(page(lesson, lesson.student))


def test_page_asks_again_when_something_changes(lesson, clock):
    delays = []
    for moment in (START - timedelta(days=2), OPENS - SECOND, OPENS, START - 1.5 * SECOND, END - 9 * SECOND, END):
        clock.now = moment
        delays.append(page(lesson, lesson.student).context["agenda"].refresh_in)

    assert delays == [900, 1, 900, 2, 9, None]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (
            START - timedelta(hours=3),
            'starts <time datetime="2024-07-24T20:00:00+08:00" data-countdown>in 3 hours</time>',
        ),
        (START, 'ends <time datetime="2024-07-24T21:00:00+08:00" data-countdown>in 1 hour</time>'),
    ],
)
def test_countdown_is_told_by_the_server_too(lesson, clock, moment, words):
    clock.now = moment

    assert words in text(page(lesson)).replace("\xa0", " ")


def test_page_asks_itself_again_and_takes_only_the_part_that_changes(lesson):
    response = page(lesson, lesson.student)

    assert f'hx-get="{lesson.url()}" hx-trigger="every 1s" hx-select="#now"' in text(response)


def test_checked_in_student_reads_when_and_how(lesson, clock):
    make_check_in(lesson.meeting, lesson.enrollment, how=CheckIn.How.CODE, at=START)
    clock.now = START + timedelta(minutes=3)

    response = page(lesson, lesson.student)

    assert offers(response) == [JOIN]
    assert "You are checked in." in text(response)
    assert "typed the code" in text(response)
    assert "Wed 24 Jul 2024, 20:00" in text(response)


@pytest.mark.parametrize(
    ("is_present", "sentence"),
    [(True, "The staff noted that you were there:"), (False, "The staff noted that you were not there:")],
)
def test_correction_is_shown_with_its_reason(lesson, clock, is_present, sentence):
    clock.now = END
    correct(
        lesson.meeting,
        enrollment=lesson.enrollment,
        is_present=is_present,
        by=lesson.teacher(),
        reason="Seen <b>there</b>.",
    )

    response = page(lesson, lesson.student)

    assert sentence in text(response)
    assert "Seen &lt;b&gt;there&lt;/b&gt;." in text(response)


def test_check_in_of_somebody_else_is_not_shown(lesson, clock):
    make_check_in(lesson.meeting)
    clock.now = START

    response = page(lesson, lesson.student)

    assert (len(check_ins()), response.context["slot"].check_in) == (1, None)


def test_meeting_of_a_hidden_camp_or_of_nothing_is_a_404(lesson):
    assert browser().get(lesson.url().replace(lesson.meeting.key, "nothing")).status_code == 404
    lesson.camp.is_published = False
    lesson.camp.save()

    assert page(lesson, lesson.student).status_code == 404


def test_page_is_only_read(lesson):
    assert browser(lesson.student).post(lesson.url()).status_code == 405


def test_ceremony_is_for_all_students_of_the_camp(lesson, clock):
    lesson.meeting = make_meeting(lesson.camp, starts_at=START, kind="ceremony", join_url="https://meet.example.org/c")
    clock.now = START

    assert offers(page(lesson, lesson.student)) == [JOIN, CODE_FIELD]


def test_calendar_file_is_linked_unless_over_or_cancelled(lesson, clock):
    linked = [lesson.url("meeting_ics") in text(page(lesson))]
    clock.now = END
    linked.append(lesson.url("meeting_ics") in text(page(lesson)))
    clock.now = START
    lesson.cancel()
    linked.append(lesson.url("meeting_ics") in text(page(lesson)))

    assert linked == [True, False, False]
