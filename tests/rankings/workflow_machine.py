"""The workflow that proves scores, and a machine that runs its scripts as GitHub does, for the tests of both."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import plain_yaml

FILE = Path(__file__).resolve().parents[2] / ".github" / "workflows" / "grade.yml"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WORKFLOW = plain_yaml.load(FILE.read_text(encoding="utf-8"))
TEST, REPORT = WORKFLOW["jobs"]["test"], WORKFLOW["jobs"]["report"]
STEPS = TEST["steps"] + REPORT["steps"]
SITE = "https://camp.example.org"
needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="runs the scripts of the workflow, which need jq")
CURL = r"""
set -eu
address=${!#}
output=/dev/null; headers=/dev/null
while [ $# -gt 1 ]; do
  case $1 in
    -o) output=$2; shift ;;
    -D) headers=$2; shift ;;
    -H) case $2 in @*) cat "${2#@}" >> "$CALLS/headers" ;; esac; shift ;;
    --data-binary) cp "${2#@}" "$CALLS/sent"; shift ;;
  esac
  shift
done
echo "$address" >> "$CALLS/addresses"
case $address in
  https://tokens.*) echo '{"value": "a.b.c"}'; exit ;;
esac
number=$(grep -c /api/v1/ "$CALLS/addresses")
status=$(sed -n "${number}p" "$CALLS/statuses")
[ "$status" != 000 ] || { printf 000; exit 7; }
printf 'HTTP/2 %s\r\nRetry-After: 7\r\n' "$status" > "$headers"
[ "$status" = 200 ] || sed -i "/Retry/{$(cat "$CALLS/hint")}" "$headers"
echo '{"answer": "of the site"}' > "$output"
printf '%s' "$status"
"""


def step(job, name):
    return next(each for each in job["steps"] if each["name"] == name)


class Machine:
    """Runs one script of the workflow, with a `curl` and a `sleep` that only note what is asked.

    The site answers with the statuses of the file `statuses`, one after the other.
    """

    def __init__(self, path):
        self.path, self.temp, self.tools = path, path / "temp", path / "tools"
        self.tools.mkdir()
        (self.temp / "results").mkdir(parents=True)
        for name, text in (("curl", CURL), ("sleep", 'echo "$1" >> "$CALLS/sleeps"\n')):
            (self.tools / name).write_text(f"#!/usr/bin/env bash\n{text}")
            (self.tools / name).chmod(0o755)

    def run(self, job, name, **variables):
        return subprocess.run(
            ["bash", "-e", "-c", step(job, name)["run"]],
            env=self._environment() | variables,
            cwd=self.path,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def _environment(self):
        return {
            "PATH": f"{self.tools}:{os.environ['PATH']}", "RUNNER_TEMP": str(self.temp),
            "CALLS": str(self.path), "GITHUB_SHA": COMMIT,
            "GITHUB_STEP_SUMMARY": str(self.path / "summary"), "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "asking",
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.example.org/?api=2", "COURSE": "1699", "SITE": SITE,
            "CODE": "",
        }  # fmt: skip

    def send(self, *statuses, body, hint="", **variables):
        """Sends the body to a site that answers with these statuses, one after the other."""
        (self.temp / "body.json").write_text(json.dumps(body))
        (self.path / "statuses").write_text("\n".join(statuses) + "\n")
        (self.path / "hint").write_text(hint)
        return self.run(REPORT, "Send the report", **variables)

    def noted(self, name):
        """The lines of what was noted: `addresses` and `headers` of requests, `sleeps` in seconds."""
        path = self.path / name
        return path.read_text().splitlines() if path.exists() else []
