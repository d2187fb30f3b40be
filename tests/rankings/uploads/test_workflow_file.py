"""The workflow that proves scores: who may ask for an identity token, and what its scripts do."""

import json
import re

import pytest

from tests import plain_yaml
from tests.rankings.workflow_machine import COMMIT, FILE, REPORT, STEPS, TEST, WORKFLOW, Machine, needs_jq, step

RESULTS = {"exercises": [{"name": "exercise00", "result": True}, {"name": "exercise01", "result": False}], "more": 1}
BODY = {
    "course": 1699,
    "commit": COMMIT,
    "results": [{"exercise": "exercise00", "passed": True}, {"exercise": "exercise01", "passed": False}],
}
SCRIPTS = [step["run"] for step in STEPS if "run" in step]


# What it may.


def test_only_the_reporting_job_may_ask_for_an_identity_token():
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in WORKFLOW["jobs"].items()} == {
        "test": {"contents": "read"},
        "report": {"id-token": "write"},
    }


def test_the_reporting_job_fetches_no_code_and_no_secret():
    assert [each["uses"].split("@")[0] for each in REPORT["steps"] if "uses" in each] == ["actions/download-artifact"]
    assert not re.search(r"secrets\.|github\.token", FILE.read_text(encoding="utf-8"))


def test_the_reporting_job_reads_only_the_artifact_that_the_tests_named():
    fetched = step(REPORT, "Fetch the results")["with"]

    assert fetched["artifact-ids"] == "${{ needs.test.outputs.artifact }}"
    assert TEST["outputs"] == {"artifact": "${{ steps.keep.outputs.artifact-id }}"}


def test_actions_are_githubs_own_at_a_major_version():
    assert [
        each["uses"] for each in STEPS if "uses" in each and not re.fullmatch(r"actions/[a-z-]+@v\d+", each["uses"])
    ] == []


def test_the_learners_code_finds_no_credentials_in_the_repository():
    assert step(TEST, "Fetch the repository")["with"] == {"persist-credentials": False}


def test_it_is_called_with_a_course_and_a_site():
    inputs = WORKFLOW["on"]["workflow_call"]["inputs"]

    assert list(WORKFLOW["on"]) == ["workflow_call"]
    assert {name: (field.get("required", False), field["type"]) for name, field in inputs.items()} == {
        "course": (True, "number"),
        "site": (True, "string"),
        "command": (False, "string"),
        "result": (False, "string"),
        "code": (False, "string"),
    }


def test_scripts_stop_at_the_first_mistake_and_have_nothing_written_into_them():
    assert [script.splitlines()[0] for script in SCRIPTS] == ["set -euo pipefail"] * len(SCRIPTS)
    assert [script for script in SCRIPTS if "${{" in script] == []


def test_jobs_come_to_an_end():
    assert [job["timeout-minutes"] for job in (TEST, REPORT)] == [60, 20]


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a:\t1", "a: *b", "a: {b: 1}", "a: 1\n   b: 2", "a: b: c", "just text"])
def test_the_reader_refuses_what_it_does_not_know(text):
    with pytest.raises(ValueError):  # noqa: PT011 Whatever it says, it does not read on.
        plain_yaml.load(text)


# What it does.


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def sent(machine, *statuses, hint="", body=BODY):
    return machine.send(*statuses, body=body, hint=hint)


@needs_jq
def test_results_are_sent_with_a_token_for_the_site(machine):
    done = sent(machine, "200")

    assert done.returncode == 0, done.stderr
    assert machine.noted("addresses") == [
        "https://tokens.example.org/?api=2&audience=https%3A%2F%2Fcamp.example.org",
        "https://camp.example.org/api/v1/scores",
    ]
    assert machine.noted("headers") == ["Authorization: Bearer asking", "Authorization: Bearer a.b.c"]
    assert json.loads((machine.path / "sent").read_text()) == BODY
    assert "a.b.c" not in done.stdout
    assert 'Status 200: {"answer":"of the site"}' in done.stdout


@needs_jq
def test_a_refusal_is_final_and_shown(machine):
    for status in ("301", "400", "401", "403", "413", "422"):
        done = sent(machine, *[status] * 6)

        assert (done.returncode, machine.noted("sleeps")) == (1, [])
        assert f'Status {status}: {{"answer":"of the site"}}' in done.stdout
        (machine.path / "addresses").unlink()


@needs_jq
def test_trouble_is_tried_again_with_a_new_token(machine):
    done = sent(machine, "000", "503", "409", "429", "500", "200", hint="d")

    assert done.returncode == 0, done.stderr
    assert machine.noted("sleeps") == ["5", "10", "20", "40", "80"]
    assert sum("audience" in address for address in machine.noted("addresses")) == 6


@needs_jq
@pytest.mark.parametrize(("hint", "seconds"), [("", "7"), ("s/7/86400/", "120"), ("s/7/08/", "8"), ("s/7/soon/", "5")])
def test_it_waits_as_long_as_the_site_asks_but_not_for_ever(machine, hint, seconds):
    sent(machine, "503", "200", hint=hint)

    assert machine.noted("sleeps") == [seconds]


@needs_jq
def test_it_gives_up_after_six_tries(machine):
    done = sent(machine, *["503"] * 7, hint="d")

    assert (done.returncode, len(machine.noted("sleeps"))) == (1, 5)
    assert "::error::" in done.stdout


def checked(machine, text):
    (machine.temp / "results" / "results.json").write_text(text)
    return machine.run(REPORT, "Check the results")


@needs_jq
def test_only_names_and_outcomes_are_passed_on(machine):
    done = checked(machine, json.dumps(RESULTS))

    assert done.returncode == 0, done.stderr
    assert json.loads((machine.temp / "body.json").read_text()) == BODY


@needs_jq
@pytest.mark.parametrize(
    "text",
    [
        "",
        "not JSON",
        "[]",
        "null",
        "{}",
        '{"exercises": {}}',
        '{"exercises": []}',
        '{"exercises": ["exercise00"]}',
        '{"exercises": [{"name": "exercise00"}]}',
        '{"exercises": [{"name": "exercise00", "result": 1}]}',
        '{"exercises": [{"name": "exercise00", "result": "true"}]}',
        '{"exercises": [{"name": "", "result": true}]}',
        '{"exercises": [{"name": 7, "result": true}]}',
        json.dumps({"exercises": [{"name": "x" * 121, "result": True}]}),
        json.dumps(RESULTS) * 2,
        json.dumps({"exercises": [{"name": f"{number:0>119}", "result": True} for number in range(600)]}),
        " " * 1048577,
    ],
)
def test_results_of_another_form_are_refused(machine, text):
    done = checked(machine, text)

    assert done.returncode == 1
    assert done.stdout.startswith("::error::The result")


@needs_jq
def test_results_that_are_a_link_are_refused(machine):
    (machine.path / "elsewhere.json").write_text(json.dumps(RESULTS))
    (machine.temp / "results" / "results.json").symlink_to(machine.path / "elsewhere.json")

    done = machine.run(REPORT, "Check the results")

    assert (done.returncode, done.stdout) == (1, "::error::The results are not a plain file.\n")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"SITE": "https://camp.example.org:8443/"}, 0),
        ({"SITE": "http://camp.example.org"}, 1),
        ({"SITE": "https://camp.example.org/path"}, 1),
        ({"SITE": "https://user@camp.example.org"}, 1),
        ({"COURSE": "-1"}, 1),
        ({"COURSE": "1.5"}, 1),
        ({"ARTIFACT": ""}, 1),
        ({"ARTIFACT": "1,2"}, 1),
    ],
)
def test_inputs_are_checked(machine, changes, code):
    assert machine.run(REPORT, "Check the inputs", **{"ARTIFACT": "77"} | changes).returncode == code


def test_the_tests_may_fail_as_long_as_they_say_what_passed(machine):
    (machine.temp / "results").rmdir()
    command = "echo '{\"exercises\": []}' > out.json; exit 3"

    done = machine.run(TEST, "Run the tests", COMMAND=command, RESULT="out.json")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::warning::The tests ended with status 3.")
    assert (machine.temp / "results" / "results.json").read_text() == '{"exercises": []}\n'


def test_tests_that_say_nothing_stop_the_run(machine):
    done = machine.run(TEST, "Run the tests", COMMAND="true", RESULT="out.json")

    assert (done.returncode, done.stdout) == (
        1,
        "::error::The tests wrote no result file. Expected: out.json\n",
    )
