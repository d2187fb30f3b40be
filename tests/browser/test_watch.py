"""The watch over the pages must itself be seen to complain."""

import pytest

from tests.browser.conftest import Watch

HOME = "http://localhost:1"


@pytest.fixture
def watched(browser):
    """A page of its own under a watch of its own, so that the complaints stay here."""
    watch = Watch(HOME)
    context = watch.over(browser.new_context())
    yield watch, context.new_page()
    context.close()


def test_watch_is_silent_over_a_quiet_page(watched):
    watch, page = watched

    page.set_content("<p>Quiet</p>")

    assert watch.complaints == []


def test_watch_aborts_and_notes_another_host(watched):
    watch, page = watched

    with page.expect_event("requestfailed"):
        page.set_content('<img src="http://elsewhere.invalid/a.png">')

    assert watch.seen[0] == "another host: http://elsewhere.invalid/a.png"


def test_watch_notes_a_breach_of_the_policy(watched):
    watch, page = watched

    policy = {"Content-Security-Policy": "default-src 'self'"}
    page.route(f"{HOME}/", lambda route: route.fulfill(body="<p style='color: red'>Red</p>", headers=policy))

    with page.expect_console_message(lambda message: "content security policy:" in message.text):
        page.goto(f"{HOME}/")

    assert "console: content security policy: style-src-attr inline" in watch.complaints


def test_watch_notes_an_error_in_a_script(watched):
    watch, page = watched

    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")

    assert watch.complaints == ["script: broken"]


def test_watch_forgives_what_the_test_expects(watched):
    watch, page = watched
    watch.expect("status of 404")

    with page.expect_console_message(lambda message: True):
        page.evaluate("console.error('the server responded with a status of 404')")

    assert watch.complaints == []


def test_assert_accessible_fails_on_a_picture_without_words(watched, assert_accessible):
    _, page = watched
    page.set_content('<html lang="en"><title>A page</title><main><img src="data:,"></main></html>')

    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)
