"""Chromium for the tests in this folder, and a watch on every page that they open.

A test fails at its end when a page asked another host for anything, logged an error or broke the security policy.
"""

import os
import re
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

CHROMIUM = os.environ.get("CAMP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
LOG_POLICY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

# Playwright's loop runs in the thread of the test, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.browser)


def pytest_runtest_setup():
    if CHROMIUM:
        return
    if os.environ.get("CAMP_REQUIRE_BROWSER"):
        pytest.fail("CAMP_REQUIRE_BROWSER is set, but there is no chromium.", pytrace=False)
    pytest.skip("needs a browser: install chromium, or name one in CAMP_CHROMIUM")


class Watch:
    """Keeps what the pages of one test did that no page may do."""

    def __init__(self, home):
        self.home = urlsplit(home).netloc
        self.seen = []
        self.expected = []

    def expect(self, pattern):
        """For a test that goes where an error is right: `watch.expect("status of 404")`."""
        self.expected.append(pattern)

    def over(self, context):
        context.add_init_script(LOG_POLICY_VIOLATIONS)
        context.on("request", self.note_another_host)
        context.on("console", lambda message: message.type == "error" and self.note(f"console: {message.text}"))
        context.on("weberror", lambda error: self.note(f"script: {error.error}"))
        return context

    def note_another_host(self, request):
        if urlsplit(request.url).netloc not in (self.home, ""):
            self.note(f"another host: {request.url}")

    def note(self, what):
        self.seen.append(what)

    @property
    def complaints(self):
        return [what for what in self.seen if not any(re.search(pattern, what) for pattern in self.expected)]


@pytest.fixture
def watch(live_server):
    watch = Watch(live_server.url)
    yield watch
    assert watch.complaints == []


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A laptop in Beijing whose reader prefers English."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
        "service_workers": "block",
    }


@pytest.fixture
def new_context(new_context, watch):
    """Makes further browsers, for a second person in the same test, under the same watch."""

    def make(**options):
        context = watch.over(new_context(**options))
        context.set_default_timeout(10_000)  # Milliseconds.
        return context

    return make


@pytest.fixture
def assert_accessible():
    """Fails on the serious and critical findings of axe in the page as it is now."""

    def check(page):
        # Without axe's own copies of the style sheets, which are inline: the page's policy would refuse them.
        findings = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
        grave = [finding for finding in findings if finding["impact"] in ("serious", "critical")]
        assert [f"{finding['id']}: {node['html'][:200]}" for finding in grave for node in finding["nodes"]] == []

    return check
