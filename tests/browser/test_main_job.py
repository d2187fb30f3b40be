"""The main job as a student does it: from the sign-up to the group chat of the professional stage."""

import http.client
import json
import re
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from camp.demo.reference import load_reference_camp
from camp.notices import services as notices
from tests.factories import make_token

ADDRESS = "/infinitensor/camp/2024summer"
LINK = re.compile(r"http\S+/accounts/confirm-email/\S+")


@pytest.fixture
def camp(transactional_db, settings):
    settings.EMAIL_BACKEND = "camp.notices.mail.OutboxBackend"
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return load_reference_camp(now=timezone.now())


def ci_posts(site, token, *, login, score):
    """What the course's workflow sends, header for header; returns the body of the answer."""
    body = {"channel": "github", "courseId": 1699, "ext": "aaa", "name": login, "score": score, "totalScore": 30}
    headers = {"accept": "application/json;charset=utf-8", "Content-Type": "application/json", "token": token}
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection.request("POST", "/web/api/courseRank/createByThirdToken", json.dumps(body), headers)
    with closing(connection):
        return connection.getresponse().read()


def sign_up(page, site):
    page.goto(f"{site}/")
    page.get_by_role("link", name="Sign up").click()
    page.locator("[name=email]").fill("octo@example.org")
    page.locator("[name=username]").fill("octo-student")
    page.locator("[name=password1]").fill("a long enough phrase")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("octo@example.org").first).to_be_visible()


def follow_the_verification_mail(page):
    notices.send_due()
    page.goto(LINK.search(mail.outbox[-1].body).group())
    page.get_by_role("button", name="Yes, verify it").click()


def apply(page, site):
    page.goto(f"{site}{ADDRESS}/")
    page.get_by_role("link", name="Apply").click()
    page.locator("[name=display_name]").fill("林小满")
    page.locator("[name=occupation]").select_option("studying")
    page.locator("[name=affiliation]").fill("Harbour University")
    page.locator("[name=city]").fill("Harbour")
    page.get_by_label("一到三年").check()
    page.get_by_label("Rust", exact=True).first.check()
    page.get_by_label("为什么想参加这次训练营？").fill("To build a compiler.")
    page.get_by_role("main").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("You are a student of this camp.")).to_be_visible()


def link_login(page, site):
    page.goto(f"{site}/my/identities/")
    page.locator("[name=login]").fill("https://github.com/Octo-Student")
    page.get_by_role("button", name="Link this login").click()
    expect(page.get_by_role("cell", name="Octo-Student")).to_be_visible()


def test_student_goes_from_sign_up_to_the_professional_stage(camp, page, live_server, assert_accessible):
    site = live_server.url
    token = make_token(camp.courses.get(number=1), at=timezone.now())

    sign_up(page, site)
    follow_the_verification_mail(page)
    apply(page, site)
    assert_accessible(page)
    link_login(page, site)
    assert ci_posts(site, token, login="octo-student", score=29) == b'{"result":1,"msg":""}'
    page.goto(f"{site}{ADDRESS}/")
    expect(page.locator("#next")).to_contain_text("29 / 30")
    expect(page.get_by_role("button", name="Show the group chat of this stage")).to_have_count(0)

    assert ci_posts(site, token, login="Octo-Student", score=30) == b'{"result":1,"msg":""}'
    page.goto(f"{site}{ADDRESS}/stage/1/?tab=rank")
    expect(page.locator("#me")).to_contain_text("林小满")
    expect(page.locator("#me")).to_contain_text("requirement met")
    assert_accessible(page)

    page.goto(f"{site}{ADDRESS}/#stage-professional")
    page.locator("#stage-professional").get_by_role("button", name="Show the group chat").click()
    expect(page.get_by_label("Its address")).to_have_value(camp.stages.get(key="professional").group_link)
    page.goto(f"{site}/my/")
    expect(page.get_by_role("main")).to_contain_text("rank 1")
    assert_accessible(page)


SEED_ADDRESSES = ["", "/stage/1", "/stage/1?tab=rank", "/stage/2", "/stage/2?tab=rank"]


@pytest.mark.parametrize("organization", ["InfiniTensor", "infinitensor", "INFINITENSOR"])
def test_addresses_of_the_seed_answer_with_the_page_they_name(camp, page, live_server, organization):
    names = [camp.name, "C++", "C++", "Rust", "Rust"]
    for address, name in zip(SEED_ADDRESSES, names, strict=True):
        response = page.goto(f"{live_server.url}/{organization}/camp/2024summer{address}")

        assert response.status == 200
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
