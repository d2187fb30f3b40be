import pytest
from django.test import Client
from django.urls import reverse

from camp.enrollment.models import Enrollment
from tests.factories import make_camp, make_enrollment, make_running_camp, make_student

pytestmark = pytest.mark.django_db
Status = Enrollment.Status


def browser(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def address(camp):
    return reverse("enrollment:withdraw", args=camp.address)


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.ACTIVE, "Your seat becomes free for somebody else"),
        (Status.WAITING, "You lose your place in the waiting list."),
        (Status.APPLIED, "The staff do not look at your application any more."),
    ],
)
def test_page_asks_and_names_the_camp(status, words):
    enrollment = make_enrollment(make_running_camp(name="Summer camp"), status=status)

    response = browser(enrollment.student).get(address(enrollment.camp))

    assert response.status_code == 200
    assert "Leave Summer camp?" in text(response)
    assert words in text(response)
    assert "You can apply again until" in text(response)
    assert Enrollment.objects.get().status == status


def test_page_says_when_there_is_no_way_back():
    enrollment = make_enrollment(make_camp())

    response = browser(enrollment.student).get(address(enrollment.camp))

    assert "Registration is closed: you cannot apply again." in text(response)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.WAITING, Status.APPLIED])
def test_post_leaves_the_camp(status):
    enrollment = make_enrollment(make_running_camp(name="Summer camp"), status=status)

    response = browser(enrollment.student).post(address(enrollment.camp), follow=True)

    assert response.redirect_chain == [(enrollment.camp.get_absolute_url(), 302)]
    assert [str(message) for message in response.context["messages"]] == ["You have left Summer camp."]
    stored = Enrollment.objects.get()
    assert (stored.status, stored.decided_by) == (Status.WITHDRAWN, enrollment.student)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DECLINED, Status.REMOVED])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_holds_nothing_is_refused(status, method):
    enrollment = make_enrollment(status=status)

    response = getattr(browser(enrollment.student), method)(address(enrollment.camp))

    assert response.status_code == 403
    assert "There is nothing to withdraw" in text(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_to_the_camp_gets_404(method):
    enrollment = make_enrollment()

    response = getattr(browser(make_student()), method)(address(enrollment.camp))

    assert response.status_code == 404
    assert Enrollment.objects.get().status == Status.ACTIVE


def test_anonymous_reader_signs_in_first():
    camp = make_camp()

    response = Client().get(address(camp))

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address(camp)}"
