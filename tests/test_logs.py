"""What the log says, and what it keeps to itself."""

import logging
import sys

import pytest
from django.conf import settings

from camp.logs import Discreet

TOKEN = "q7Zr-_" * 7


def logged(message, *args, name="django.request", level=logging.WARNING, exc_info=None):
    record = logging.LogRecord(name, level, __file__, 1, message, args, exc_info)
    assert Discreet().filter(record) is True
    return record


@pytest.mark.parametrize("path", [f"/calendar/{TOKEN}.ics", f"/calendar/{TOKEN}", f"/calendar/{TOKEN}.ics/"])
def test_calendar_addresses_are_masked(path):
    text = logged("Not Found: %s", path).getMessage()

    assert TOKEN not in text
    assert text.startswith("Not Found: /calendar/…")


@pytest.mark.parametrize("mark", ["_", "%5F", "%5f"])
def test_upload_tokens_are_masked_up_to_their_public_id(mark):
    secret = "S" * 49

    text = logged("Unauthorized: %s", f"/api/v1/scores?token=camp{mark}AbCdEfGh12{mark}{secret}&x=1").getMessage()

    assert text == f"Unauthorized: /api/v1/scores?token=camp{mark}AbCdEfGh12…&x=1"


def test_other_addresses_are_told():
    assert logged("Not Found: %s", "/my/calendar/new/").getMessage() == "Not Found: /my/calendar/new/"


def some_error():
    try:
        raise ValueError("x")
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize(
    ("name", "level", "is_kept"),
    [
        ("django.request", logging.WARNING, False),
        ("django.request", logging.ERROR, True),
        ("camp", logging.WARNING, True),
    ],
)
def test_a_refusal_has_no_traceback_and_an_error_has(name, level, is_kept):
    record = logged("Forbidden: %s", "/x/", name=name, level=level, exc_info=some_error())

    assert (record.exc_info is not None) == is_kept


def test_the_log_of_the_site_is_discreet():
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["discreet"]
