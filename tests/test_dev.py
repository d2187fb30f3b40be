"""The dev script: what it demands of the machine, and when it keeps, completes or rebuilds its environment."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WANTED = {"run": "new run", "dev": "new dev"}
COMMANDS = ("demo", "test", "serve", "lock", "check", "manage")


def load(path):
    loader = SourceFileLoader("dev_script", str(path))
    module = module_from_spec(spec_from_loader("dev_script", loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def script(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return load(ROOT / "dev")


@pytest.fixture
def small(tmp_path):
    """A project with the dev script, no requirements and a manage.py that repeats its words."""
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    (tmp_path / "manage.py").write_text("import sys\nprint(*sys.argv[1:])\n")
    return tmp_path


def run(folder, *words):
    command = [sys.executable, folder / "dev", *words]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=120, check=False)


def test_dev_parses_on_a_python_that_is_too_old():
    ast.parse((ROOT / "dev").read_text(encoding="ascii"), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("sys.version_info", (3, 9, 2), "Camp needs Python 3.11 or newer, and this is 3.9.2"),
        ("fcntl", None, "Camp runs on Linux and macOS"),
        ("bundled_pip", None, "run `sudo apt-get install python3-venv`"),
    ],
)
def test_dev_says_what_the_machine_lacks(script, monkeypatch, capsys, name, value, sentence):
    holder = script.sys if name.startswith("sys.") else script
    monkeypatch.setattr(holder, name.removeprefix("sys."), value)

    with pytest.raises(SystemExit) as end:
        script.require_machine()

    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def test_dev_help_has_one_line_for_each_command():
    lines = run(ROOT, "--help").stdout.splitlines()

    assert [line.split()[0] for line in lines if line.startswith("    ") and line[4] != " "] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_dev_explains_each_command_without_any_set_up(small, command):
    result = run(small, command, "--help")

    assert (result.returncode, result.stderr) == (0, "")
    assert not (small / ".venv").exists()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_dev_refuses_a_taken_port_before_any_set_up(small, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(small, command, "--port", str(port))

    assert result.returncode == 2
    assert result.stderr == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): choose another with --port.\n"
    )
    assert not (small / ".venv").exists()


@pytest.mark.parametrize(
    ("kind", "found", "step"),
    [
        ("run", {}, "rebuild"),
        ("dev", {}, "rebuild"),
        ("run", {"run": "new run"}, "keep"),
        ("dev", {"run": "new run"}, "add"),
        ("run", {"run": "new run", "dev": "new dev"}, "keep"),
        ("dev", {"run": "new run", "dev": "new dev"}, "keep"),
        ("run", {"run": "old run", "dev": "new dev"}, "rebuild"),
        ("run", {"run": "new run", "dev": "old dev"}, "keep"),
        ("dev", {"run": "new run", "dev": "old dev"}, "rebuild"),
    ],
)
def test_plan_rebuilds_only_what_changed(script, kind, found, step):
    assert script.plan(kind, WANTED, found) == step


def test_develop_leaves_the_environment_its_word(script, monkeypatch):
    monkeypatch.setattr(os, "environ", {"DATABASE_URL": "postgresql://elsewhere/camp"})

    script.develop(port=8123)

    assert os.environ == {
        "CAMP_ENV": "development",
        "SITE_URL": "http://127.0.0.1:8123",
        "DATABASE_URL": "postgresql://elsewhere/camp",
    }


def test_dev_makes_keeps_and_mends_its_environment(small):
    first = run(small, "manage", "one", "--two")
    again = run(small, "manage", "one", "--two")
    (small / ".venv" / ".camp-lock-run").unlink()
    mended = run(small, "manage", "three")

    assert first.stdout.splitlines()[0].startswith("==> Making a Python environment in .venv")
    assert (again.stdout, again.stderr, again.returncode) == ("one --two\n", "", 0)
    assert mended.stdout.splitlines()[0] == ("==> Making a Python environment in .venv: there is no finished one.")
    assert mended.stdout.splitlines()[-1] == "three"


def test_dev_never_deletes_an_environment_of_somebody_else(small):
    (small / ".venv").mkdir()
    (small / ".venv" / "precious").touch()

    result = run(small, "manage", "one")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == ".venv was not made by ./dev: move it away or delete it, then try again.\n"
    assert (small / ".venv" / "precious").exists()
