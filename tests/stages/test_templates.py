"""The pieces of pages that tell a stage, its rule and an announcement."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from camp.stages import services
from camp.stages.models import Announcement, RequirementGroup
from camp.stages.queries import stages_of, steps_of
from tests.factories import (
    make_camp,
    make_course,
    make_enrollment,
    make_requirement,
    make_stage,
    make_superuser,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    camp = make_camp()
    foundation = make_stage(camp, "foundation", name="Foundation")
    camp.cpp = make_course(foundation, name="C++", max_points=30)
    camp.rust = make_course(foundation, name="Rust", max_points=94)
    camp.professional = make_stage(
        camp, "professional", name="Professional", group_link="https://chat.example.org/secret"
    )
    camp.homework = RequirementGroup.objects.create(stage=camp.professional, label="Homework", needed=1)
    make_requirement(camp.professional, group=camp.homework, course=camp.cpp)
    make_requirement(camp.professional, group=camp.homework, course=camp.rust)
    return camp


def html(step, camp, csrf_token="token"):
    return render_to_string("stages/_step.html", {"step": step, "camp": camp, "csrf_token": csrf_token})


def words(markup):
    return " ".join(strip_tags(re.sub(r"<svg.*?</svg>", "", markup, flags=re.DOTALL)).split())


def professional(enrollment):
    return steps_of(enrollment)[1]


def test_step_tells_what_is_done_and_missing_in_numbers(camp):
    enrollment = make_enrollment(camp)
    services.record_points(enrollment, camp.cpp, "27.500")

    told = words(html(professional(enrollment), camp))

    assert "Homework One of these is enough." in told
    assert "C++ 27.5 / 30 2.5 missing" in told
    assert "Rust 0 / 94 94 missing" in told


def test_step_tells_nothing_missing_where_the_group_is_met(camp):
    make_requirement(camp.professional, kind="item", item="Report")
    enrollment = make_enrollment(camp)
    services.record_points(enrollment, camp.cpp, 30)

    told = words(html(professional(enrollment), camp))

    assert "94 missing" not in told
    assert "Report 0 / 1 Missing: the staff tick it when they have seen it." in told


def test_step_tells_meetings_as_whole_numbers(camp):
    make_requirement(camp.professional, kind="attendance", meetings=4)
    enrollment = make_enrollment(camp)
    services.record_meetings(enrollment, None, 3)

    assert "Meetings of the camp 3 / 4 1 meeting missing" in words(html(professional(enrollment), camp))


def test_step_tells_how_many_of_a_group_are_needed(camp):
    make_requirement(camp.professional, group=camp.homework, course=make_course(camp.cpp.stage))
    RequirementGroup.objects.update(needed=2)

    assert "Homework 2 of these are needed." in words(html(professional(make_enrollment(camp)), camp))


def test_step_of_a_course_without_a_maximum_says_so(camp):
    camp.cpp.max_points = 0
    camp.cpp.save()

    assert "C++ · not announced yet how many points" in words(html(professional(make_enrollment(camp)), camp))


def test_step_for_strangers_tells_the_rule_without_progress(camp):
    step = stages_of(camp)[1]

    told = words(html(step, camp))

    assert "C++ · 30 points" in told
    assert "missing" not in told
    assert 'class="meter' not in html(step, camp)


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (services.hold, "The staff keep you from entering this stage for now:"),
        (services.revert, "The staff took back that you had entered this stage:"),
    ],
)
def test_step_tells_the_reason_of_the_staff(decide, sentence, camp):
    enrollment, staff = make_enrollment(camp), make_superuser(display_name="Strict Teacher")
    if decide is services.revert:
        services.promote(enrollment, camp.professional, by=staff, reason="Early.")
    decide(enrollment, camp.professional, by=staff, reason="Copied <b>all</b>.")

    markup = html(professional(enrollment), camp)

    assert sentence in markup
    assert "Copied &lt;b&gt;all&lt;/b&gt;." in markup
    assert "Strict Teacher" not in markup


def test_step_offers_the_group_to_those_in_the_stage_only(camp):
    enrollment = make_enrollment(camp)
    assert "Show the group chat" not in html(professional(enrollment), camp)

    services.record_points(enrollment, camp.cpp, 30)
    markup = html(professional(enrollment), camp)

    assert 'method="post"' in markup
    assert "Show the group chat of this stage" in markup
    assert "chat.example.org" not in markup


def test_step_links_to_the_group_where_no_form_can_be_sent(camp):
    enrollment = make_enrollment(camp)
    services.record_points(enrollment, camp.cpp, 30)

    markup = html(professional(enrollment), camp, csrf_token="")

    assert "<form" not in markup
    assert f"/{camp.organization.slug}/camp/summer/stages/professional/group/" in markup


def test_announcement_is_told_with_its_stage(camp):
    body = "**Tonight** <script>alert(1)</script>"
    announcement = Announcement.objects.create(camp=camp, stage=camp.professional, title="<i>News</i>", body=body)

    markup = render_to_string("stages/_announcement.html", {"announcement": announcement, "camp": camp})

    assert "&lt;i&gt;News&lt;/i&gt;" in markup
    assert "Professional" in markup
    assert "<strong>Tonight</strong>" in markup
    assert "<script" not in markup
