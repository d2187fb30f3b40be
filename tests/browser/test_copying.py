"""What belongs in a repository is copied by a press: to select it on a phone is no joy."""

import pytest
from playwright.sync_api import expect

from tests import plain_yaml
from tests.factories import make_course, make_grader, make_running_camp, make_stage


@pytest.fixture
def exercises(transactional_db, new_context, live_server):
    """The tab of a course with both ways to set up CI."""
    course = make_course(make_stage(make_running_camp()), number=1, upload_id=1699)
    make_grader(course)
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{live_server.url}{course.get_absolute_url()}?tab=exercises")
    return page


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_workflow_file_is_copied_whole(exercises):
    exercises.get_by_role("button", name="Copy the file").click()

    expect(exercises.get_by_role("button", name="Copied")).to_be_visible()
    assert list(plain_yaml.load(copied(exercises))) == ["name", "on", "permissions", "jobs"]
    assert copied(exercises).startswith("name: Camp\n\non:\n  push:\n")


def test_step_of_an_older_workflow_is_copied_whole(exercises):
    exercises.get_by_text("On Gitee or CNB, or with an older workflow").click()
    exercises.get_by_role("button", name="Copy the step").click()

    expect(exercises.get_by_role("button", name="Copied")).to_be_visible()
    assert copied(exercises).startswith("- name: Upload the score\n  env:\n    CAMP_TOKEN: ")
    assert copied(exercises).endswith('"totalScore":30}\'')
