"""How students let themselves be named on boards: the rules of nicknames, and the page to choose one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from camp.enrollment import services as enrollment_services
from camp.rankings import appearances, boards
from camp.rankings.appearances import AppearanceError
from camp.rankings.models import Appearance, Board
from tests.concurrency import row_held, waits
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_staff_role,
    make_stage,
    make_standing,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def enrollment():
    return make_enrollment(make_camp())


def nick(enrollment, nickname):
    return appearances.choose(enrollment, mode="nickname", nickname=nickname)


def test_nickname_is_kept_as_a_reader_sees_it(enrollment):
    appearance = nick(enrollment, "  Ｓｅａ\u200b gull\t")

    assert (appearance.mode, appearance.nickname, appearance.nickname_key) == ("nickname", "Sea gull", "seagull")


def test_choosing_changes_every_board_that_the_student_stands_on_at_once(enrollment):
    courses = [make_course(make_stage(enrollment.camp)) for _ in range(3)]
    for course in courses:
        boards.lock(course, at=None)
    make_standing(courses[0], enrollment)
    make_standing(courses[1], enrollment)
    before = {board.pk: (board.version, board.frozen_version, board.calls_back) for board in Board.objects.all()}

    appearances.choose(enrollment, mode="hidden")

    after = {board.pk: (board.version, board.frozen_version, board.calls_back) for board in Board.objects.all()}
    stands = {course.pk for course in courses[:2]}
    assert after == {pk: tuple(n + (pk in stands) for n in before[pk]) for pk in before}


def test_boards_of_a_student_are_found_without_joining_the_editions(enrollment):
    with CaptureQueriesContext(connection) as asked:
        appearances.choose(enrollment, mode="hidden")

    assert [query["sql"] for query in asked if "OUTER JOIN" in query["sql"] and "frozenstanding" in query["sql"]] == []


@pytest.mark.parametrize("nickname", ["", "x", "\u200b\u200b", " \u0301 \u0301", "n" * 31, "\x00\x07"])
def test_nickname_of_another_length_is_refused(enrollment, nickname):
    with pytest.raises(AppearanceError, match="2 to 30"):
        nick(enrollment, nickname)


@pytest.mark.parametrize(
    "nickname", ["hidden  STUDENT", "Hídden student", "匿名学员", "You", "已达标", "管理员", "teacher"]
)
def test_nickname_that_the_board_says_of_others_is_refused(enrollment, nickname):
    with pytest.raises(AppearanceError, match="board itself"):
        nick(enrollment, nickname)


@pytest.mark.parametrize("nickname", ["lіnxiaoman", "Ηeron", "rоwan 林"])
def test_nickname_of_letters_that_only_look_alike_is_refused(enrollment, nickname):
    with pytest.raises(AppearanceError, match="one alphabet"):
        nick(enrollment, nickname)


@pytest.mark.parametrize("nickname", ["林小满 (你)", "heron.", "<b>", "a=1", "herón!"])
def test_nickname_of_other_signs_is_refused(enrollment, nickname):
    with pytest.raises(AppearanceError, match="letters and digits"):
        nick(enrollment, nickname)


@pytest.mark.parametrize("nickname", ["海鸥 7", "Жаворонок", "Sea-gull_2", "J.R. 林", "かもめ"])
def test_nickname_of_any_one_alphabet_is_taken(enrollment, nickname):
    assert nick(enrollment, nickname).nickname == nickname


def test_nickname_is_given_once_in_a_camp(enrollment):
    nick(make_enrollment(enrollment.camp), "Sea gull")
    nick(make_enrollment(make_camp("winter")), "Heron")

    with pytest.raises(AppearanceError, match="has this nickname"):
        nick(enrollment, "ｓｅａGULL")

    assert nick(enrollment, "heron").nickname == "heron"


@pytest.mark.parametrize("nickname", ["rowan", "ＲＯＷＡＮ", "Róẁan Pike", "rowan-codes"])
def test_nickname_that_names_another_student_is_refused(enrollment, nickname):
    other = make_enrollment(enrollment.camp, student=make_student("rowan", display_name="Rowan Pike"))
    make_identity(other.student, login="Rowan-Codes")

    with pytest.raises(AppearanceError, match="somebody else"):
        nick(enrollment, nickname)


def test_nickname_that_names_somebody_of_the_staff_is_refused(enrollment):
    make_staff_role(enrollment.camp, user=make_user(display_name="Head Teacher"))

    with pytest.raises(AppearanceError, match="somebody else"):
        nick(enrollment, "head teacher")


def test_nickname_may_be_the_own_name_and_names_of_other_camps(enrollment):
    make_enrollment(make_camp("winter"), student=make_student(display_name="Heron"))

    assert nick(enrollment, "Heron").nickname == "Heron"
    assert nick(enrollment, enrollment.student.display_name).nickname == enrollment.student.display_name


def test_nickname_is_kept_for_the_next_time_and_free_for_others_meanwhile(enrollment):
    nick(enrollment, "Heron")
    appearances.choose(enrollment, mode="name", nickname="whatever")

    assert Appearance.objects.get(enrollment=enrollment).nickname == "Heron"
    assert nick(make_enrollment(enrollment.camp), "Heron").nickname == "Heron"


def test_who_has_left_meanwhile_is_refused(enrollment):
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    enrollment.status = "active"  # As an instance that was read before.

    with pytest.raises(AppearanceError, match="Only students"):
        appearances.choose(enrollment, mode="hidden")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_choosing_waits_for_what_else_happens_to_the_enrollment(enrollment):
    with row_held(enrollment):
        assert waits(lambda: appearances.choose(enrollment, mode="hidden"))


def address(enrollment):
    return reverse("rankings:appearance", args=enrollment.camp.address)


def test_student_chooses_on_the_page_and_reads_the_choice_there(client, enrollment):
    client.force_login(enrollment.student)

    response = client.post(address(enrollment), {"mode": "nickname", "nickname": "Heron"}, follow=True)

    assert response.redirect_chain == [(address(enrollment), 302)]
    assert 'value="Heron"' in response.text
    assert Appearance.objects.get().nickname == "Heron"


@pytest.mark.parametrize(
    ("data", "field"),
    [({"mode": "nickname", "nickname": "x"}, "nickname"), ({"mode": "ghost", "nickname": "Heron"}, "mode"),
     ({}, "mode"), ({"mode": "nickname", "nickname": "n" * 300}, "nickname")],
)  # fmt: skip
def test_refused_choice_keeps_what_was_typed(client, enrollment, data, field):
    client.force_login(enrollment.student)

    response = client.post(address(enrollment), data)

    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])
    assert data.get("nickname", "") in response.text
    assert not Appearance.objects.exists()


def test_page_is_a_404_for_strangers_and_a_403_for_who_has_left(client, enrollment):
    client.force_login(make_student())
    strange = client.get(address(enrollment)).status_code
    staff = make_staff_role(enrollment.camp).user
    client.force_login(staff)
    unenrolled = client.get(address(enrollment)).status_code
    enrollment_services.withdraw(enrollment, by=enrollment.student)
    client.force_login(enrollment.student)

    assert (strange, unenrolled, client.get(address(enrollment)).status_code) == (404, 404, 403)
