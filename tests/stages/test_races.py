"""Two facts about one student at once: no promotion is missed, none is made twice."""

import pytest

from camp.notices.models import Notice
from camp.stages import services
from camp.stages.models import Participation, RequirementGroup
from tests.concurrency import at_once, row_held, waits
from tests.factories import make_camp, make_course, make_enrollment, make_requirement, make_stage, make_superuser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def camp():
    """A camp whose last stage needs full marks in each of four courses."""
    camp = make_camp()
    camp.foundation, camp.professional = make_stage(camp, "foundation"), make_stage(camp, "professional")
    camp.lessons = [make_course(camp.foundation) for _ in range(4)]
    group = RequirementGroup.objects.create(stage=camp.professional, label="Homework", needed=4)
    for course in camp.lessons:
        make_requirement(camp.professional, group=group, course=course)
    return camp


def test_facts_that_come_at_once_promote_once(camp):
    student = make_enrollment(camp)

    outcomes = at_once([lambda course=course: services.record_points(student, course, 30) for course in camp.lessons])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Participation.objects.filter(enrollment=student, stage=camp.professional).count() == 1
    assert Notice.objects.of(student.student).filter(kind="stages/promoted").count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize(
    "call", ["record_points", "record_meetings", "promote_where_met", "promote", "hold", "tick_item"]
)
def test_every_change_waits_for_whoever_holds_the_enrollment(call, camp):
    student, staff = make_enrollment(camp), make_superuser()
    item = make_requirement(camp.professional, kind="item", item="Report")
    calls = {
        "record_points": lambda: services.record_points(student, camp.lessons[0], 1),
        "record_meetings": lambda: services.record_meetings(student, None, 1),
        "promote_where_met": lambda: services.promote_where_met(student),
        "promote": lambda: services.promote(student, camp.professional, by=staff, reason="Early."),
        "hold": lambda: services.hold(student, camp.professional, by=staff, reason="Late."),
        "tick_item": lambda: services.tick_item(item, student, by=staff),
    }

    with row_held(student):
        assert waits(calls[call])


@pytest.mark.postgres
def test_a_promotion_does_not_wait_for_applications_to_the_camp(camp):
    """An application holds the camp's row; scores and their promotions go on meanwhile, and cannot deadlock with it."""
    student, staff = make_enrollment(camp), make_superuser()

    with row_held(camp), row_held(student.student), row_held(student, "KEY SHARE"):
        assert not waits(lambda: services.promote(student, camp.professional, by=staff, reason="Early."))
