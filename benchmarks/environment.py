"""Where a benchmark runs: a database of its own, and servers started as `./dev serve` starts them."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "camp_benchmark"
CAMP_PORT, BARE_PORT = 8110, 8111
GRANIAN = ("-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning", "--blocking-threads", "4")
WORKERS = ("--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "30")
PATIENCE = 60  # Seconds.


def prepare(server):
    """The environment of a production site on an empty database of this PostgreSQL server, for us and the servers."""
    os.environ |= {
        "CAMP_ENV": "production", "DJANGO_SETTINGS_MODULE": "camp.settings", "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"{server}/{DATABASE}", "VAR_DIR": str(ROOT / "var" / "benchmark"),
        "SECRET_KEY": secrets.token_urlsafe(50), "TOKEN_PEPPER": secrets.token_urlsafe(50),
        "SITE_URL": f"http://127.0.0.1:{CAMP_PORT}", "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "smtp://127.0.0.1:9", "DEFAULT_FROM_EMAIL": "camp@example.org",
        "UPLOADS_PER_LOGIN_A_MINUTE": "1000000000", "UPLOADS_PER_TOKEN_A_MINUTE": "1000000000",
        "REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE": "1000000000",
    }  # fmt: skip
    _administer(server, f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)', f'CREATE DATABASE "{DATABASE}"')


def drop(server):
    _administer(server, f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def _administer(server, *statements):
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextlib.contextmanager
def serving(application, port):
    """The production server on a port, until the block ends."""
    command = [sys.executable, *GRANIAN, "--host", "127.0.0.1", "--port", str(port), *WORKERS, application]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(server, port)
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(server, port):
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise RuntimeError(f"The server on port {port} did not start.")
