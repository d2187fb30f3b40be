"""Pages of the project stage as somebody sees them."""

from django.test import Client
from django.urls import reverse


def browser(user):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def url(work, name, *args):
    return reverse(f"projects:{name}", args=[*work.camp.address, *args])


def text(response):
    return response.content.decode()
