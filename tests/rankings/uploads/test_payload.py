"""The field table of the upload API: what is read, what is refused."""

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camp.rankings.uploads import payload

VALID = {"channel": "github", "courseId": 1699, "ext": "aaa", "name": "Octo-Student", "score": 29, "totalScore": 30}


def body(**changes):
    return json.dumps(VALID | changes).encode()


def test_read_gives_every_field():
    upload = payload.read(body())

    assert upload == payload.Upload("github", 1699, "Octo-Student", Decimal("29.000"), "30", "aaa")


@pytest.mark.parametrize(
    "text",
    [
        '{"courseId":"1699","ext":"{}","channel":"gitee","score":0,"totalScore":30,"name":"a","more":[1,{"x":null}]}',
        '{\n  "channel": "cnb",\n  "courseId": 1699,\n  "name": "a",\n  "score": 12.5,\n  "totalScore": 100\n}\n',
        '{"channel":"github","courseId":1699,"name":"a","score":1E1,"totalScore":30}',
    ],
)
def test_read_accepts_what_real_clients_send(text):
    upload = payload.read(text.encode())

    assert (upload.course_id, upload.login) == (1699, "a")


def test_read_cuts_decimals_and_never_rounds_up_to_full_marks():
    upload = payload.read(b'{"channel":"github","courseId":1,"name":"a","score":29.99999,"totalScore":30}')

    assert upload.points == Decimal("29.999")


HOSTILE_SCORES = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-1",
    '"12"',
    "true",
    "null",
    str(2**63),
    "[1]",
    '{"a":1}',
    "9" * 5000,
]


@pytest.mark.parametrize("score", HOSTILE_SCORES)
def test_read_refuses_a_score_that_is_no_plain_number(score):
    text = f'{{"channel":"github","courseId":1,"name":"a","score":{score},"totalScore":30}}'

    with pytest.raises(payload.PayloadError, match="."):
        payload.read(text.encode())


def test_read_takes_a_score_too_small_to_store_as_nothing():
    upload = payload.read(b'{"channel":"github","courseId":1,"name":"a","score":1e-9999999999,"totalScore":30}')

    assert upload.points == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "gitlab"},
        {"channel": None},
        {"channel": ["github"]},
        {"channel": {"a": 1}},
        {"courseId": True},
        {"courseId": 1699.0},
        {"courseId": "x"},
        {"courseId": -1},
        {"courseId": None},
        {"courseId": "１６９９"},
        {"name": ""},
        {"name": " "},
        {"name": 5},
        {"name": "a" * 96},
        {"name": "İ" * 51},
        {"name": "林"},
        {"name": "<script>"},
        {"name": "a\x00b"},
        {"name": "a\u202eb"},
        {"name": "\ud800"},
        {"totalScore": "30"},
        {"totalScore": None},
        {"totalScore": True},
        {"totalScore": []},
        {"ext": None},
        {"ext": {"a": 1}},
        {"ext": 1},
    ],
)
def test_read_refuses_a_field_of_the_wrong_kind(changes):
    with pytest.raises(payload.PayloadError):
        payload.read(body(**changes))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b"{",
        b'{"channel":"github"',
        b"\xff\xfe{\x00}\x00",
        json.dumps(VALID).encode("utf-16"),
        b'{"score":1,"score":2,"channel":"github","courseId":1,"name":"a","totalScore":3}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
)
def test_read_refuses_a_body_that_is_no_single_json_object(raw):
    with pytest.raises(payload.PayloadError):
        payload.read(raw)


def test_read_keeps_ext_storable():
    upload = payload.read(body(ext="a\x00b\ud800"))

    assert upload.ext == "a\ufffdb?"


def test_error_tells_which_fields_could_be_read():
    with pytest.raises(payload.PayloadError) as caught:
        payload.read(body(score="12"))

    assert caught.value.seen == {"channel": "github", "login": "Octo-Student", "course_id": 1699}


@given(st.binary(max_size=300))
def test_read_never_fails_otherwise_on_any_bytes(raw):
    with contextlib.suppress(payload.PayloadError):
        payload.read(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.fixed_dictionaries(dict.fromkeys(VALID, json_values)))
def test_read_gives_a_storable_upload_or_a_sentence_for_any_fields(document):
    with contextlib.suppress(payload.PayloadError):
        upload = payload.read(json.dumps(document).encode())

        assert 0 <= upload.points < payload.MOST_POINTS
        assert 1 <= len(upload.login) <= 100


def test_a_bot_is_a_login_too():
    upload = payload.read(body(name="dependabot[bot]"))

    assert upload.login == "dependabot[bot]"
