"""What comes next on the home of a camp and on one's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from camp.classrooms.models import SkippedCourse
from tests.classrooms.visits import (
    END,
    OPENS,
    OUTSIDER_NAMES,
    OUTSIDERS,
    SECOND,
    START,
    Lesson,
    browser,
    hidden_in,
    more_of,
    text,
)
from tests.factories import (
    make_course,
    make_enrollment,
    make_meeting,
    make_staff_role,
    make_stage,
)

pytestmark = pytest.mark.django_db
JOIN = "Join the meeting"
DAY = timedelta(days=1)


@pytest.fixture
def lesson(clock):
    return Lesson()


class TestHomeOfTheCamp:
    def page(self, lesson, user=None):
        return browser(user).get(lesson.camp.get_absolute_url())

    def titles(self, response):
        return [slot.meeting.title for slot in response.context["agenda"].slots]

    def test_student_reads_their_own_meetings_and_others_read_all(self, lesson):
        make_meeting(course=_reached_later(lesson), title="Compilers", starts_at=START + DAY)
        make_meeting(lesson.camp, title="Closing", starts_at=START + 2 * DAY)

        newcomer = make_enrollment(lesson.camp)

        assert self.titles(self.page(lesson, newcomer.student)) == ["Ownership", "Closing"]
        assert self.titles(self.page(lesson)) == ["Ownership", "Compilers", "Closing"]
        assert self.titles(self.page(lesson, lesson.teacher())) == ["Ownership", "Compilers", "Closing"]

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (OPENS - SECOND, [False, False]),
            (OPENS, [True, False]),
            (END - SECOND, [True, False]),
            (END, [False, False]),
        ],
    )
    def test_join_button_is_there_for_students_while_it_is_open(self, lesson, clock, moment, expected):
        clock.now = moment

        pages = [self.page(lesson, lesson.student), self.page(lesson)]

        assert [JOIN in text(page) for page in pages] == expected
        assert [hidden_in(page) for page in pages] == [[], []]

    def test_ceremonies_have_their_states(self, lesson, clock):
        lesson.meeting.course = None
        lesson.meeting.save()
        clock.now = END

        student, stranger = self.page(lesson, lesson.student), self.page(lesson)

        assert [slot.was_absent for slot in student.context["ceremonies"]] == [True]
        assert f'href="{lesson.url()}#recordings"' in text(student)
        assert f'href="{lesson.url()}#recordings"' not in text(stranger)

    def test_costs_the_same_for_one_meeting_and_for_three(
        self, lesson, clock, django_assert_num_queries, django_assert_max_num_queries
    ):
        client, address = browser(lesson.student), lesson.camp.get_absolute_url()
        more_of(lesson, course=False)
        clock.now = START
        client.get(address)
        with django_assert_max_num_queries(60) as one:
            client.get(address)
        for days in (-1, 1):
            more_of(lesson, course=False, starts_at=START + days * DAY)
            more_of(lesson, starts_at=START)

        with django_assert_num_queries(len(one)):
            client.get(address)


class TestMyPage:
    def page(self, user):
        return browser(user).get(reverse("my"))

    def titles(self, user):
        return [slot.meeting.title for slot in self.page(user).context["agenda"].slots]

    @pytest.mark.parametrize(("moment", "is_there"), [(OPENS - SECOND, False), (OPENS, True), (END - SECOND, True)])
    def test_next_meeting_has_its_join_button_in_the_window(self, lesson, clock, moment, is_there):
        clock.now = moment

        response = self.page(lesson.student)

        assert (JOIN in text(response), hidden_in(response)) == (is_there, [])
        assert f'hx-get="{reverse("my")}"' in text(response)

    def test_meetings_of_skipped_courses_and_later_stages_are_left_out(self, lesson):
        make_meeting(course=_reached_later(lesson), title="Compilers", starts_at=START)
        make_meeting(lesson.camp, title="Opening", starts_at=START)
        newcomer = make_enrollment(lesson.camp).student
        before = self.titles(newcomer)
        SkippedCourse.objects.create(user=newcomer, course=lesson.course)

        assert (before, self.titles(newcomer)) == (["Ownership", "Opening"], ["Opening"])

    def test_those_who_teach_see_what_they_teach(self, lesson, clock):
        clock.now = START
        teacher = lesson.teacher()

        response = self.page(teacher)

        assert [slot.meeting for slot in response.context["agenda"].slots] == [lesson.meeting]
        assert f'href="{lesson.url("live")}"' in text(response)

    @pytest.mark.parametrize("who", OUTSIDERS[:5], ids=OUTSIDER_NAMES[:5])
    def test_others_see_nothing_of_it(self, lesson, clock, who):
        user = who(lesson)
        clock.now = START

        response = self.page(user)

        assert ("Ownership" in text(response), hidden_in(response)) == (False, [])

    def test_costs_the_same_for_one_meeting_and_for_three(
        self, lesson, clock, django_assert_num_queries, django_assert_max_num_queries
    ):
        client = browser(lesson.student)
        make_staff_role(lesson.camp, user=lesson.student)
        clock.now = START
        client.get(reverse("my"))
        with django_assert_max_num_queries(60) as one:
            client.get(reverse("my"))
        more_of(lesson)
        more_of(lesson, course=False)

        with django_assert_num_queries(len(one)):
            client.get(reverse("my"))


def _reached_later(lesson):
    """A course of a stage that nobody has reached."""
    stage = make_stage(lesson.camp, name="Professional")
    stage.requirement_groups.create(label="Report", needed=1).requirements.create(kind="item", item="report")
    return make_course(stage, name="Compilers course")
