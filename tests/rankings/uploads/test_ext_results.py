"""Reading the result file of a grading run out of `ext`: what it says, and everything else that `ext` may hold."""

import json

import pytest

from camp.rankings.uploads.ext_results import MOST, read

FILE = {
    "exercises": [{"name": "exercise00", "result": True}, {"name": "exercise01", "result": False}],
    "user_name": None,
    "statistics": {"total_exercations": 2, "total_succeeds": 1, "total_failures": 1, "total_time": 3},
}
RESULTS = [{"exercise": "exercise00", "passed": True}, {"exercise": "exercise01", "passed": False}]


def with_exercises(*exercises):
    return json.dumps(FILE | {"exercises": list(exercises)})


@pytest.mark.parametrize(
    "ext",
    [
        json.dumps(FILE),
        json.dumps(FILE, indent=2),
        f" \n{json.dumps(FILE)}\n",
        json.dumps({"exercises": FILE["exercises"]}),
        json.dumps({"results": RESULTS}),
        json.dumps({"course": 1699, "commit": "c" * 40, "results": RESULTS}),
    ],
    ids=["as written", "indented", "with spaces", "without statistics", "proven shape", "proven body"],
)
def test_results_are_read(ext):
    assert read(ext) == RESULTS


def test_names_need_not_be_ascii():
    assert read(with_exercises({"name": "练习一", "result": True})) == [{"exercise": "练习一", "passed": True}]


@pytest.mark.parametrize(
    "ext", ["", "aaa", "{}", "[]", "null", "29", '"x"', "{", '{"exercises":', "exercises", "\ufffd"]
)
def test_free_text_is_no_results(ext):
    assert read(ext) == []


FIRST = {"name": "exercise00", "result": True}
HOSTILE = {
    "no list": json.dumps({"exercises": {"name": "exercise00", "result": True}}),
    "empty list": with_exercises(),
    "no objects": with_exercises("exercise00"),
    "one is null": with_exercises(FIRST, None),
    "no name": with_exercises({"result": True}),
    "name is a number": with_exercises({"name": 0, "result": True}),
    "name is a list": with_exercises({"name": ["exercise00"], "result": True}),
    "name is empty": with_exercises({"name": "", "result": True}),
    "name is too long": with_exercises({"name": "x" * 121, "result": True}),
    "name with NUL": with_exercises({"name": "a\x00b", "result": True}),
    "name with a lone surrogate": with_exercises({"name": "a\ud800b", "result": True}),
    "name with a line break": with_exercises({"name": "a\nb", "result": True}),
    "no result": with_exercises({"name": "exercise00"}),
    "result is a word": with_exercises({"name": "exercise00", "result": "true"}),
    "result is a number": with_exercises({"name": "exercise00", "result": 1}),
    "result is null": with_exercises({"name": "exercise00", "result": None}),
    "name twice": with_exercises(FIRST, FIRST),
    "name twice, other result": with_exercises(FIRST, {"name": "exercise00", "result": False}),
    "too many": with_exercises(*({"name": f"e{number}", "result": True} for number in range(MOST + 1))),
    "key twice": '{"exercises": [], "exercises": [{"name": "a", "result": true}]}',
    "deep": '{"exercises": ' + "[" * 20_000 + "]" * 20_000 + "}",
    "deep beside": '{"exercises": [{"name": "a", "result": true}], "x": ' + '{"a":' * 9000 + "1" + "}" * 9000 + "}",
    "long number": '{"exercises": [{"name": "a", "result": true}], "x": ' + "9" * 5000 + "}",
    "NaN": '{"exercises": [{"name": "a", "result": true}], "x": NaN}',
    "text after it": json.dumps(FILE) + "x",
    "lone surrogate as it is": '{"exercises": [{"name": "\ud800", "result": true}]}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_anything_odd_is_no_results(what):
    assert read(HOSTILE[what]) == []


def test_a_number_beyond_floats_beside_the_results_does_not_matter():
    assert read('{"exercises": [{"name": "a", "result": true}], "x": 1e999999}') == [{"exercise": "a", "passed": True}]
