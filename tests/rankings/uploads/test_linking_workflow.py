"""The workflow when it is run with a code: it links the account, runs no tests and reports no scores."""

import json

import pytest

from tests.rankings.workflow_machine import REPORT, TEST, WORKFLOW, Machine, needs_jq, step

CODE = "ABCDE-FGHJK"
BODY = {"code": CODE}


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def linked(machine, *statuses):
    return machine.send(*statuses, body=BODY, CODE=CODE)


def test_with_a_code_nothing_of_the_learners_runs():
    assert TEST["if"] == "inputs.code == ''"
    assert REPORT["if"] == "${{ !cancelled() && (inputs.code != '' || needs.test.result == 'success') }}"


def test_a_code_is_not_needed():
    assert WORKFLOW["on"]["workflow_call"]["inputs"]["code"]["default"] == ""


def test_each_step_knows_whether_it_is_for_a_code():
    assert {each["name"]: each["if"] for each in REPORT["steps"] if "if" in each} == {
        "Fetch the results": "inputs.code == ''",
        "Check the results": "inputs.code == ''",
        "Write down the code": "inputs.code != ''",
    }


def test_the_tests_never_see_the_code():
    assert "inputs.code" not in json.dumps([each.get("env", {}) for each in TEST["steps"]])
    assert step(REPORT, "Send the report")["env"]["CODE"] == "${{ inputs.code }}"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (CODE, 0),
        ("abcdefghjk", 0),
        ("ABCDE FGHJK", 1),
        ("short", 1),
        ("A" * 21, 1),
        ("ABCDE-FGHJ\n", 1),
        ('ABCDE"; id; "', 1),
        ("$(id)-ABCDE", 1),
    ],
)
def test_a_code_is_checked_and_needs_no_results(machine, code, status):
    assert machine.run(REPORT, "Check the inputs", CODE=code, ARTIFACT="").returncode == status


@needs_jq
def test_the_code_is_all_that_is_written_down(machine):
    machine.run(REPORT, "Write down the code", CODE=CODE)

    assert json.loads((machine.temp / "body.json").read_text()) == BODY


@needs_jq
def test_the_code_is_sent_with_a_token_for_this_code_alone(machine):
    done = linked(machine, "200")

    assert done.returncode == 0, done.stderr
    assert machine.noted("addresses") == [
        "https://tokens.example.org/?api=2&audience=https%3A%2F%2Fcamp.example.org%2Fapi%2Fv1%2Fidentities%2FABCDE-FGHJK",
        "https://camp.example.org/api/v1/identities",
    ]
    assert machine.noted("headers") == ["Authorization: Bearer asking", "Authorization: Bearer a.b.c"]
    assert json.loads((machine.path / "sent").read_text()) == BODY
    assert (machine.path / "summary").read_text().startswith("The account is linked.")
    assert "a.b.c" not in done.stdout


@needs_jq
def test_a_refused_code_is_final_and_shown(machine):
    done = linked(machine, *["403"] * 6)

    assert (done.returncode, machine.noted("sleeps")) == (1, [])
    assert 'Status 403: {"answer":"of the site"}' in done.stdout
    assert "::error::The account was refused by the site with status 403." in done.stdout


@needs_jq
def test_trouble_is_tried_again_and_then_given_up(machine):
    assert linked(machine, "000", "503", "200").returncode == 0

    done = linked(machine, *["500"] * 9)

    assert (done.returncode, "with a new code" in done.stdout) == (1, True)
