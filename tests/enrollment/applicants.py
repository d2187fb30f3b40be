"""An applicant with a browser, for the tests of the application form."""

from django.test import Client
from django.urls import reverse

from camp.enrollment.models import ApplicationQuestion

PROFILE = {
    "display_name": "Lin Wei",
    "occupation": "studying",
    "affiliation": "Harbour University",
    "major": "Computing",
    "city": "Harbour",
}


def browser(user=None):
    client = Client(headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def address(camp, code=""):
    query = f"?code={code}" if code else ""
    return reverse("enrollment:register", args=camp.address) + query


def page(camp, user, code=""):
    return browser(user).get(address(camp, code))


def send(camp, user, **fields):
    return browser(user).post(address(camp), PROFILE | fields)


def text(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in response.context["messages"]]


def ask(camp, key="why", **fields):
    return ApplicationQuestion.objects.create(camp=camp, key=key, **{"label": "Why this camp?"} | fields)
