"""The camp's group chat: who may ask for it, how it is shown, and that nothing of it is anywhere else."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from camp.camps.models import Reveal
from camp.enrollment.models import Enrollment
from tests.factories import (
    make_enrollment,
    make_running_camp,
    make_staff_role,
    make_student,
    make_superuser,
)
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db
Status = Enrollment.Status
LINK = "https://chat.example.org/join/secret-of-the-camp"
METHODS = ["get", "post"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def camp():
    camp = make_running_camp(name="Summer camp", group_name="Chat of the camp", group_link=LINK)
    camp.group_picture.save("qr.png", make_picture())
    return camp


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def group_url(camp):
    return reverse("enrollment:group", args=camp.address)


def picture_url(camp):
    return reverse("enrollment:group_picture", args=camp.address)


def text(response):
    return " ".join(response.content.decode().split())


def test_student_asks_first_and_is_shown_then(camp):
    student = make_enrollment(camp).student

    asked = browser(student).get(group_url(camp))
    shown = browser(student).post(group_url(camp))

    assert (asked.status_code, shown.status_code) == (200, 200)
    assert LINK not in text(asked)
    assert picture_url(camp) not in text(asked)
    assert LINK in text(shown)
    assert picture_url(camp) in text(shown)


def test_reveal_is_recorded_without_the_secret(camp):
    student = make_enrollment(camp).student
    client = browser(student)

    client.get(group_url(camp))
    assert Reveal.objects.count() == 0
    client.post(group_url(camp))

    reveal = Reveal.objects.get()
    assert (reveal.camp, reveal.user, reveal.secret) == (camp, student, "group chat")


def test_nothing_of_it_is_kept_by_caches(camp):
    client = browser(make_enrollment(camp).student)

    for response in (client.get(group_url(camp)), client.post(group_url(camp)), client.get(picture_url(camp))):
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("make", [lambda camp: make_staff_role(camp).user, lambda camp: make_superuser()])
def test_staff_of_the_camp_are_shown(make, camp):
    response = browser(make(camp)).post(group_url(camp))

    assert response.status_code == 200
    assert LINK in text(response)


@pytest.mark.parametrize("address", [group_url, picture_url])
class TestOthers:
    def test_stranger_to_the_camp_gets_404(self, address, camp):
        client = browser(make_student())

        assert client.get(address(camp)).status_code == 404
        if address is group_url:
            assert client.post(address(camp)).status_code == 404
        assert Reveal.objects.count() == 0

    def test_staff_of_another_camp_get_404(self, address, camp):
        client = browser(make_staff_role(make_running_camp("autumn")).user)

        assert client.get(address(camp)).status_code == 404

    @pytest.mark.parametrize("status", [status for status in Status if status != Status.ACTIVE])
    def test_who_is_not_active_is_refused(self, address, status, camp):
        client = browser(make_enrollment(camp, status=status).student)

        response = client.get(address(camp))

        assert response.status_code == 403
        assert "The group chat is for enrolled students of this camp." in text(response)
        assert LINK not in text(response)

    def test_anonymous_reader_signs_in_first(self, address, camp):
        assert browser().get(address(camp)).url.startswith(reverse("account_login"))


def test_post_of_an_applicant_reveals_nothing(camp):
    response = browser(make_enrollment(camp, status=Status.APPLIED).student).post(group_url(camp))

    assert response.status_code == 403
    assert Reveal.objects.count() == 0


def test_camp_without_a_group_has_no_such_page():
    camp = make_running_camp()

    assert browser(make_enrollment(camp).student).post(group_url(camp)).status_code == 404
    assert Reveal.objects.count() == 0


def test_forged_request_is_refused(camp):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_enrollment(camp).student)

    assert client.post(group_url(camp)).status_code == 403
    assert Reveal.objects.count() == 0


# The picture.


def test_picture_is_loaded_for_the_page_that_shows_it(camp):
    client = browser(make_enrollment(camp).student)
    client.post(group_url(camp))

    response = client.get(picture_url(camp))

    assert response.status_code == 200
    assert response.content == make_picture().read()
    headers = ("Content-Type", "X-Content-Type-Options", "Content-Disposition")
    assert [response[name] for name in headers] == ["image/png", "nosniff", "inline"]


def test_picture_before_the_reveal_leads_to_its_button(camp):
    response = browser(make_enrollment(camp).student).get(picture_url(camp))

    assert (response.status_code, response.url) == (302, group_url(camp))


def test_picture_long_after_the_reveal_leads_to_its_button(camp):
    client = browser(make_enrollment(camp).student)
    client.post(group_url(camp))
    Reveal.objects.update(revealed_at=timezone.now() - timedelta(hours=2))

    assert client.get(picture_url(camp)).url == group_url(camp)


def test_picture_is_not_for_those_who_have_left(camp):
    enrollment = make_enrollment(camp)
    client = browser(enrollment.student)
    client.post(group_url(camp))
    Enrollment.objects.update(status=Status.WITHDRAWN)

    assert client.get(picture_url(camp)).status_code == 403


@pytest.mark.parametrize(("kind", "content_type"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_picture_has_the_type_it_is_of(kind, content_type, camp):
    camp.group_picture.save("page.html", make_picture(kind))
    client = browser(make_enrollment(camp).student)
    client.post(group_url(camp))

    assert client.get(picture_url(camp))["Content-Type"] == content_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        make_picture("GIF").read(),
        b"\x89PNG\r\n\x1a\nbroken",
    ],
    ids=["empty", "svg", "html", "gif", "broken"],
)
def test_file_that_is_no_such_picture_is_not_served(content, camp):
    camp.group_picture.save("qr.png", ContentFile(content))
    client = browser(make_enrollment(camp).student)
    client.post(group_url(camp))

    assert client.get(picture_url(camp)).status_code == 404


def test_missing_file_is_404(camp):
    camp.group_picture.storage.delete(camp.group_picture.name)
    client = browser(make_enrollment(camp).student)
    client.post(group_url(camp))

    assert client.get(picture_url(camp)).status_code == 404


def test_camp_with_a_link_only_has_no_picture():
    camp = make_running_camp(group_link=LINK)
    client = browser(make_enrollment(camp).student)

    assert picture_url(camp) not in text(client.post(group_url(camp)))
    assert client.get(picture_url(camp)).status_code == 404


def test_stored_file_has_no_address_of_its_own(camp):
    client = browser(make_superuser())

    for path in (f"/media/{camp.group_picture.name}", f"/{camp.group_picture.name}"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("make", [None, make_student, make_superuser])
def test_no_other_page_of_the_camp_holds_the_secret(make, camp):
    client = browser(make and make())
    student = browser(make_enrollment(camp).student)
    pages = [
        camp.get_absolute_url(),
        camp.organization.get_absolute_url(),
        reverse("enrollment:register", args=camp.address),
    ]

    for one in (client, student):
        for path in pages:
            response = one.get(path)
            assert LINK not in text(response)
            assert camp.group_picture.name not in text(response)
