"""The migrations, which the other tests do without: from nothing they make the tables that the models ask for."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.tables import tables

ROOT = Path(__file__).resolve().parent.parent
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from tests.tables import tables
call_command("migrate", verbosity=0)
for table in tables():
    print(table)
"""


@pytest.fixture
def empty_database(tmp_path):
    """The address of a database without tables, of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    name = f"camp_migrations_{secrets.token_hex(4)}"
    with psycopg.connect(address("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield address(name)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def address(name):
    """Of a database on the server of these tests, or of the file."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT'] or 5432}/{name}"


def tables_after_migrating(database):
    """In a process of its own, as the settings of this one name the database of the tests."""
    said = {"DATABASE_URL": database, "CAMP_ENV": "test", "DJANGO_SETTINGS_MODULE": "camp.settings"}
    command = [sys.executable, "-c", MIGRATE]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | said, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()


@pytest.mark.django_db
def test_migrations_make_the_tables_of_the_models(empty_database):
    assert tables_after_migrating(empty_database) == tables()
