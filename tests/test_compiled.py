"""Statements made once answer as the querysets that they were made from, for whatever values."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F

from camp.compiled import Compiled, CompiledInsert, CompiledUpdate, Given, Together
from camp.rankings.models import Attempt
from camp.stages.models import Course
from tests.factories import NOW, make_course

pytestmark = pytest.mark.django_db


def test_instances_are_those_of_the_queryset(django_assert_num_queries):
    courses = [make_course(name=name, max_points=30) for name in ("C++", "Rust")]
    by_name = Compiled(
        lambda: Course.objects.filter(name=Given(Course.name)).select_related("camp").only("name", "camp")
    )

    for course in courses:
        with django_assert_num_queries(1):
            found = by_name.first(name=course.name)
            assert (found, found.name, found.camp) == (course, course.name, course.camp)
    assert found.max_points == 30
    assert by_name.first(name="Go") is None


def test_values_come_as_python_has_them():
    course = make_course(max_points=Decimal("30.500"), upload_opens_at=NOW)
    later = Compiled(
        lambda: (
            Course.objects.filter(upload_opens_at__gt=Given(Course.upload_opens_at, "moment"))
            .annotate(twice=F("max_points") * 2)
            .values_list("pk", "max_points", "upload_opens_at", "twice")
        )
    )

    assert later.all(moment=NOW - timedelta(seconds=1)) == [(course.pk, Decimal("30.500"), NOW, Decimal("61"))]
    assert later.all(moment=NOW) == []


def test_update_tells_how_many_rows_changed_and_what_the_first_is_now():
    course, other = make_course(), make_course(max_points=7)
    raised = CompiledUpdate(
        lambda: Course.objects.filter(pk=Given(Course.id)),
        lambda: {"max_points": F("max_points") + Given(Course.max_points)},
    )

    assert raised.run(id=course.pk, max_points=Decimal(5)) == 1
    assert raised.first_changed(id=course.pk, max_points=Decimal("0.5")).max_points == Decimal("35.5")
    assert raised.first_changed(id=0, max_points=Decimal(5)) is None
    assert raised.run(id=0, max_points=Decimal(5)) == 0
    other.refresh_from_db()
    assert other.max_points == 7


def test_insert_stores_what_create_would():
    fields = {"course": make_course(), "login": "octo", "login_key": "octo", "outcome": "accepted", "address": "::1"}
    fields |= {"points": Decimal("1.5"), "received_at": NOW, "results": [{"exercise": "é", "passed": True}]}
    insert = CompiledInsert(Attempt)

    made = [insert.insert(Attempt(**fields)), Attempt.objects.create(**fields)]

    one, other = Attempt.objects.filter(pk__in=[attempt.pk for attempt in made]).order_by("pk").values()
    assert one | {"id": 0} == other | {"id": 0}
    assert not made[0]._state.adding


def test_statements_together_tell_what_each_would():
    course = make_course(max_points=Decimal(30))
    by_name = Compiled(lambda: Course.objects.filter(name=Given(Course.name)).order_by())
    raised = CompiledUpdate(
        lambda: Course.objects.filter(pk=Given(Course.id)), lambda: {"max_points": F("max_points") + 1}
    )
    insert = CompiledInsert(Attempt)
    attempt = Attempt(course=course, login="octo", login_key="octo", outcome="accepted", received_at=NOW)
    both, all_three = Together(raised, raised, then=by_name), Together(insert, raised, then=by_name)

    assert Together(raised).run(id=course.pk) == ([1], None)
    assert both.run(id=0, name="no such") == ([0, 0], None)
    (pk, changed), found = all_three.run(id=course.pk, **insert.values_of(attempt) | {"name": course.name})
    assert (Attempt.objects.get().pk, changed, found) == (pk, 1, course)
    course.refresh_from_db()
    assert course.max_points == 32


def test_postgresql_prepares_a_statement_once_for_whatever_values():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its own cache of statements")
    course = make_course(name="100 % of %s, 'quoted'")
    named = Compiled(
        lambda: Course.objects.filter(max_points__lte=Given(Course.max_points)).exclude(name="100 %").order_by()
    )
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%100 %%'"

    for points in (1, 40_000, 3_000_000_000, Decimal("30.5"), "7"):
        named.all(max_points=points)
    with connection.cursor() as cursor:
        cursor.execute(prepared)
        assert cursor.fetchone() == (1,)
    assert [found.name for found in named.all(max_points=10**8)] == [course.name]
