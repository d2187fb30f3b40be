"""Freezing a board and lifting it: the services, and the list of boards in the admin."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from camp.camps.models import Camp, StaffRole
from camp.rankings import boards, standings
from camp.rankings.boards import BoardError
from camp.rankings.models import Board, FrozenStanding, ScoreCount, Standing
from camp.stages.models import Course, Stage
from tests.admin_world import World, address, in_english
from tests.concurrency import row_held, waits
from tests.factories import NOW, make_attempt, make_camp, make_course, make_enrollment, make_stage, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()))


def scored(course, points, *, at):
    """A student with this best upload, on the board."""
    enrollment = make_enrollment(course.camp)
    login = enrollment.student.handle
    enrollment.student.identities.create(channel="github", login=login, login_key=login)
    standings.improve(enrollment, make_attempt(course, login=login, points=points, at=at))
    return enrollment


def versions(course):
    return Board.objects.values_list("version", "frozen_version", "calls_back").get(course=course)


def test_a_board_freezes_now(course):
    staff = make_user()
    board = boards.freeze(course, by=staff, at=NOW)

    assert (board.is_frozen(NOW), board.is_frozen(NOW - HOUR)) == (True, False)
    assert versions(course) == (1, 1, 1)
    record = Board.history.get(course=course)
    assert (record.history_user, record.history_date, record.freezes_at) == (staff, NOW, NOW)


def test_a_planned_freeze_keeps_what_came_until_then(course):
    scored(course, 10, at=NOW)
    boards.freeze(course, by=None, moment=NOW + 2 * HOUR, at=NOW)

    scored(course, 20, at=NOW + HOUR)
    scored(course, 30, at=NOW + 3 * HOUR)

    assert sorted(FrozenStanding.objects.values_list("points", flat=True)) == [10, 20]
    assert Standing.objects.count() == 3


def test_a_planned_freeze_can_be_planned_anew(course):
    boards.freeze(course, by=None, moment=NOW + HOUR, at=NOW)

    board = boards.freeze(course, by=None, moment=NOW + 2 * HOUR, at=NOW)

    assert board.freezes_at == NOW + 2 * HOUR


def test_a_lifted_freeze_leaves_no_copy(course):
    scored(course, 10, at=NOW)
    boards.freeze(course, by=None, at=NOW)
    scored(course, 30, at=NOW + HOUR)

    board = boards.lift(course, by=make_user(), at=NOW + 2 * HOUR)

    assert (board.freezes_at, board.is_copied) == (None, False)
    assert not FrozenStanding.objects.exists()
    assert not ScoreCount.objects.filter(is_frozen=True).exists()
    assert Board.history.filter(course=course).count() == 2


@pytest.mark.parametrize("hours", [-1, 24 * 400])
def test_a_freeze_lies_in_the_next_year(course, hours):
    with pytest.raises(BoardError, match="next year"):
        boards.freeze(course, by=None, moment=NOW + hours * HOUR, at=NOW)


def test_a_frozen_board_is_not_frozen_again(course):
    """Whatever the caller has read: the board is read anew."""
    boards.freeze(course, by=None, moment=NOW + HOUR, at=NOW)

    with pytest.raises(BoardError, match="frozen already"):
        boards.freeze(course, by=None, at=NOW + HOUR)


def test_a_live_board_has_no_freeze_to_lift(course):
    with pytest.raises(BoardError, match="not frozen"):
        boards.lift(course, by=None)


def test_a_course_without_homework_has_no_board(course):
    with pytest.raises(BoardError, match="no homework"):
        boards.freeze(make_course(course.stage, max_points=0), by=None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_freezing_waits_for_the_board(course):
    board = boards.freeze(course, by=None, moment=timezone.now() + HOUR)

    with row_held(board):
        assert waits(lambda: boards.freeze(course, by=None))
        assert waits(lambda: boards.lift(course, by=None))


@pytest.fixture
def world():
    return World("Otter")


@pytest.fixture
def staff(client, world):
    client.force_login(world.organizer)
    return in_english(client)


def act(client, action, *rows, **data):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | data
    return client.post(reverse(address(Board, "changelist")), data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_every_course_with_homework_has_its_board_in_the_list(staff, world):
    course, empty = make_course(world[Stage]), make_course(world[Stage], max_points=0)

    listed = list(staff.get(reverse(address(Board, "changelist"))).context["cl"].result_list)

    assert [(row.course, row.people, row.is_frozen()) for row in listed] == [
        (world[Course], 1, False),
        (course, 0, False),
    ]
    assert not Board.objects.filter(course=empty).exists()


def test_a_board_is_frozen_on_the_clock_of_its_camp(staff, world):
    Camp.objects.update(time_zone="Asia/Shanghai")
    day = (timezone.now() + timedelta(days=3)).date()

    asked = act(staff, "freeze", world[Board])
    response = act(staff, "freeze", world[Board], confirmed="yes", moment_0=str(day), moment_1="20:00")

    assert "Shanghai" in asked.text
    assert told(response) == ["Done for 1."]
    moment = Board.objects.get().freezes_at
    assert moment == datetime(day.year, day.month, day.day, 20, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    assert "freezes on" in response.text


def test_a_board_is_frozen_now_and_lifted(staff, world):
    frozen = act(staff, "freeze", world[Board], confirmed="yes", moment_0="", moment_1="")
    again = act(staff, "freeze", world[Board], confirmed="yes")
    lifted = act(staff, "lift", world[Board], confirmed="yes")

    assert "frozen since" in frozen.text
    assert told(again) == ["Otter course: This board is frozen already. Lift the freeze first."]
    assert told(lifted) == ["Done for 1."]
    assert Board.objects.get().freezes_at is None
    history = staff.get(reverse(address(Board, "history"), args=[world[Board].pk]))
    assert history.text.count("Otter organizer") >= 2


@pytest.mark.parametrize(
    "moment", [("2024-13-01", "10:00"), ("9999-12-31", "23:59"), ("0001-01-01", "00:00"), ("x", "")]
)
def test_an_odd_moment_freezes_nothing(staff, world, moment):
    response = act(staff, "freeze", world[Board], confirmed="yes", moment_0=moment[0], moment_1=moment[1])

    assert response.status_code == 200
    assert Board.objects.get().freezes_at is None


def test_boards_on_different_clocks_are_frozen_one_by_one(staff, world):
    other = World("Zebra")
    StaffRole.objects.create(camp=other.camp, user=world.organizer, role="organizer")
    Camp.objects.filter(pk=other.camp.pk).update(time_zone="Europe/Berlin")

    response = act(staff, "freeze", world[Board], other[Board], confirmed="yes")

    assert told(response) == ["These camps have different clocks. Freeze them one by one."]


@pytest.mark.parametrize(("role", "frozen"), [("teacher", True), ("assistant", False)])
def test_teachers_freeze_and_assistants_do_not(client, world, role, frozen):
    user = make_user()
    StaffRole.objects.create(camp=world.camp, user=user, role=role)
    client.force_login(user)

    act(in_english(client), "freeze", world[Board], confirmed="yes")

    assert Board.objects.get().is_frozen() == frozen


@pytest.mark.parametrize(("state", "index"), [("live", 0), ("planned", 1), ("frozen", 2)])
def test_boards_are_found_by_their_state(staff, world, state, index):
    rows = [world[Board], *(boards.lock(make_course(world[Stage]), at=NOW) for _each in range(2))]
    boards.freeze(rows[1].course, by=None, moment=timezone.now() + HOUR)
    boards.freeze(rows[2].course, by=None)

    listed = staff.get(reverse(address(Board, "changelist")), {"state": state}).context["cl"].result_list

    assert list(listed) == [rows[index]]
