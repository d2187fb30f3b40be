"""A course's maximum, or what counts, changes below people who have scored: staff are told first, then all follows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from camp.camps.models import StaffRole
from camp.enrollment import services as enrollment_services
from camp.rankings import boards, corrections, course_changes, rebuild, standings
from camp.rankings.models import Board, FrozenStanding, Standing
from camp.stages.models import Course, CourseProgress, Participation
from tests.admin_world import in_english
from tests.concurrency import row_held, waits
from tests.factories import (
    NOW,
    make_attempt,
    make_camp,
    make_course,
    make_enrollment,
    make_identity,
    make_requirement,
    make_stage,
    make_superuser,
    make_user,
)
from tests.test_admin_forms import form_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def course():
    return make_course(make_stage(make_camp()), name="Rust", max_points=30)


@pytest.fixture
def target(course):
    """A stage that asks for full marks."""
    stage = make_stage(course.camp, name="Professional")
    make_requirement(stage, course=course)
    return stage


def scoring(course, *points, **fields):
    """A student with these uploads, an hour apart."""
    enrollment = make_enrollment(course.camp)
    identity = make_identity(enrollment.student)
    for hours, number in enumerate(points):
        make_attempt(course, login=identity.login, points=number, at=NOW + hours * HOUR, **fields)
    standings.derive(enrollment, course, at=NOW)
    return enrollment


def changed(course, **fields):
    """(course as it would be, as it is), with nothing saved."""
    stored = {field.attname: getattr(course, field.attname) for field in course._meta.concrete_fields}
    return Course(**stored | fields), course


def follow(course, **fields):
    after, before = changed(course, **fields)
    Course.objects.filter(pk=course.pk).update(**fields)
    return course_changes.follow(after, before, at=NOW)


def effects(course, **fields):
    """What a change would do, in names and numbers."""
    found = course_changes.foresee(*changed(course, **fields))
    numbers = {name: getattr(found, name) for name in ("lowered", "raised", "completed", "discounted", "promoted")}
    return {name: number for name, number in numbers.items() if number}


def stored(enrollment):
    row = Standing.objects.filter(enrollment=enrollment).first()
    return row and (row.points, row.reached_at)


def counting(enrollment):
    return CourseProgress.objects.get(enrollment=enrollment).points


def is_consistent(course):
    return rebuild.rebuild_standings(course.camp, repair=False) == []


def test_a_lower_maximum_caps_who_stands_above_it(course):
    above, at, below = scoring(course, 10, 25, 30), scoring(course, 20), scoring(course, 12)

    followed = follow(course, max_points=20)

    assert stored(above) == (20, NOW + HOUR)
    assert (stored(at), stored(below)) == ((20, NOW), (12, NOW))
    assert (followed.changed, counting(above)) == (1, 20)
    assert Board.objects.get().range_width == 1
    assert is_consistent(course)


def test_a_maximum_that_is_raised_again_gives_the_points_back(course):
    above = scoring(course, 25, 30)
    follow(course, max_points=20)

    followed = follow(Course.objects.get(), max_points=28)

    assert (stored(above), followed.changed) == ((28, NOW + HOUR), 1)
    assert is_consistent(course)


@pytest.mark.parametrize(("before", "after"), [(30, 300), (300, 30)])
def test_the_ranges_fit_the_new_maximum(course, before, after):
    Course.objects.update(max_points=before)
    course.refresh_from_db()
    scoring(course, 30), scoring(course, 12)

    follow(course, max_points=after)

    assert Board.objects.get().range_width == (2 if after == 300 else 1)
    assert is_consistent(course)


def test_only_those_above_the_lower_maximum_are_concerned(course):
    above, _below = scoring(course, 25), scoring(course, 12)
    given = scoring(course, 12)
    corrections.adjust(given, course, points=10, by=None, reason="x", at=NOW)

    rows = course_changes.concerned(*changed(course, max_points=20))

    assert list(rows) == [above, given]


def test_who_has_full_marks_now_is_promoted_at_once(course, target):
    reaching, missing = scoring(course, 20), scoring(course, 19)

    followed = follow(course, max_points=20)

    assert followed == course_changes.Followed(changed=0, promoted=1)
    admitted = Participation.objects.admitted().filter(stage=target)
    assert [row.enrollment for row in admitted] == [reaching]
    assert not admitted.filter(enrollment=missing).exists()


def test_what_a_lower_maximum_would_do_is_foreseen(course, target):
    scoring(course, 30), scoring(course, 25), scoring(course, 20), scoring(course, 12)
    done = list(Participation.objects.admitted().filter(stage=target))

    assert effects(course, max_points=20) == {"lowered": 2, "completed": 2, "promoted": 2}
    assert list(Participation.objects.admitted().filter(stage=target)) == done
    assert sorted(Standing.objects.values_list("points", flat=True)) == [12, 20, 25, 30]


def test_points_that_staff_took_away_stay_away(course):
    enrollment = scoring(course, 30)
    corrections.adjust(enrollment, course, points=-5, by=None, reason="x", at=NOW)

    assert effects(course, max_points=20) == {"lowered": 1, "discounted": 1}
    follow(course, max_points=20)
    assert stored(enrollment) == (15, NOW)
    assert is_consistent(course)


def test_a_stage_that_asks_for_more_than_there_is_is_named(course, target):
    requirement = make_requirement(target, course=course, points=25)

    found = course_changes.foresee(*changed(course, max_points=20))

    assert (found.unreachable, found.must_be_agreed) == ((requirement,), True)


def test_a_change_that_moves_nobody_needs_no_agreement(course):
    scoring(course, 12)

    assert not course_changes.foresee(*changed(course, max_points=20)).must_be_agreed
    assert not course_changes.foresee(*changed(course, max_points=40)).must_be_agreed


def test_more_people_than_can_be_looked_at_are_said(course, monkeypatch):
    monkeypatch.setattr(course_changes, "MOST_FORESEEN", 2)
    for _each in range(3):
        scoring(course, 25)

    found = course_changes.foresee(*changed(course, max_points=20))

    assert (found.concerned, found.looked_at, found.lowered, found.is_partial) == (3, 2, 2, True)


def test_more_people_than_can_follow_are_left_to_the_command(course, monkeypatch):
    monkeypatch.setattr(course_changes, "MOST_FOLLOWED", 0)
    enrollment = scoring(course, 25)

    assert follow(course, max_points=20) == course_changes.Followed(None, None)
    assert stored(enrollment) == (25, NOW)


def test_claims_stop_counting_and_count_again(course, target):
    enrollment = scoring(course, 30)
    stops = effects(course, counts="proven")
    follow(course, counts="proven")
    stopped = counting(enrollment)
    Participation.objects.filter(stage=target).delete()

    again = effects(Course.objects.get(), counts="claimed")
    follow(Course.objects.get(), counts="claimed")

    assert (stops, stopped) == ({"discounted": 1}, 0)
    assert (again, counting(enrollment), stored(enrollment)) == ({"promoted": 1}, 30, (30, NOW))
    assert is_consistent(course)


def test_proof_from_a_day_on_takes_the_later_claims_away(course):
    enrollment = scoring(course, 12, 25)

    followed = follow(course, proof_from=NOW + HOUR)

    assert (stored(enrollment), counting(enrollment), followed.changed) == ((25, NOW + HOUR), 12, 1)
    assert is_consistent(course)


def test_who_is_away_follows_too(course):
    enrollment = scoring(course, 25)
    enrollment_services.withdraw(enrollment, by=enrollment.student, at=NOW)
    follow(course, counts="proven")
    stopped = counting(enrollment)
    CourseProgress.objects.all().delete()

    follow(Course.objects.get(), counts="claimed")

    assert (stopped, counting(enrollment), stored(enrollment)) == (0, 25, None)
    assert is_consistent(course)


def test_a_frozen_board_is_capped_too(course):
    """Otherwise it would show more points than there are."""
    scoring(course, 25)
    boards.freeze(course, by=None, at=NOW + HOUR)

    follow(course, max_points=20)

    assert {row.points for row in (*Standing.objects.all(), *FrozenStanding.objects.all())} == {20}
    assert is_consistent(course)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_following_waits_for_the_students(course):
    enrollment = scoring(course, 25)

    with row_held(enrollment):
        assert waits(lambda: course_changes.follow(*changed(course, max_points=20)))


# The form of a course.


def save(client, course, **fields):
    return client.post(reverse("admin:stages_course_change", args=[course.pk]), form_of(client, course) | fields)


@pytest.fixture
def admin(client):
    client.force_login(make_superuser())
    return in_english(client)


def told(client):
    return [str(message) for message in client.get(reverse("admin:index")).context["messages"]]


def test_staff_are_told_what_a_lower_maximum_does_before_it_is_saved(admin, course, target):
    scoring(course, 30), scoring(course, 20)

    page = save(admin, course, max_points="20", summary="Kept words")

    assert page.context["adminform"].form.errors == {
        "agreed": [
            "1 student has more points than that and will have fewer.",
            "1 student will have full marks who has not now.",
            "1 student is promoted by it at once.",
            "Tick the box and save again if that is meant.",
        ]
    }
    assert "Kept words" in page.text
    assert 'value="20 claimed None"' in page.text
    assert Course.objects.get().max_points == 30


def test_what_was_agreed_is_done(admin, course, target):
    above = scoring(course, 30)
    scoring(course, 20)

    response = save(admin, course, max_points="20", agreed="20 claimed None")

    assert response.status_code == 302
    assert "The points of 1 student have changed. 1 student was promoted." in told(admin)
    assert (Course.objects.get().max_points, stored(above)) == (20, (20, NOW))
    assert is_consistent(course)


def test_what_was_agreed_for_another_maximum_is_asked_again(admin, course):
    scoring(course, 30)

    page = save(admin, course, max_points="10", agreed="20 claimed None")

    assert "agreed" in page.context["adminform"].form.errors
    assert Course.objects.get().max_points == 30


def test_a_maximum_above_all_is_saved_at_once(admin, course):
    scoring(course, 12)

    response = save(admin, course, max_points="20")

    assert response.status_code == 302
    assert not any("changed." in message and "points of" in message for message in told(admin))


def test_a_date_of_proof_is_asked_and_followed(admin, course):
    enrollment = scoring(course, 25)
    fields = {"proof_from_0": "2024-07-24", "proof_from_1": "20:00"}  # On the camp's clock it is 12:00 UTC.

    page = save(admin, course, **fields)
    errors = page.context["adminform"].form.errors["agreed"]
    response = save(admin, course, **fields, agreed=f"30 claimed {NOW.astimezone(course.camp.zone).isoformat()}")

    assert errors[0] == "1 student has points that will no longer count for promotion."
    assert response.status_code == 302
    assert (Course.objects.get().proof_from, counting(enrollment)) == (NOW, 0)


def test_another_change_of_the_course_asks_nothing(admin, course):
    scoring(course, 30)

    response = save(admin, course, summary="New words")

    assert response.status_code == 302
    assert not any("changed." in message and "points of" in message for message in told(admin))


def test_who_only_reads_a_course_is_asked_nothing(client, course):
    role = StaffRole.objects.create(camp=course.camp, user=make_user(), role="teacher")
    client.force_login(role.user)

    page = in_english(client).get(reverse("admin:stages_course_change", args=[course.pk]))

    assert (page.status_code, "Agreed" in page.text) == (200, False)
