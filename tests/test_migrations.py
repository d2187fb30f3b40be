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

ROOT = Path(__file__).resolve().parent.parent
TABLES = """
    from django.db import connection
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            named = sorted(name for name in constraints if not name.startswith("__"))
            print(table, sorted((column.name, column.null_ok) for column in columns), named)
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


def manage(database, *words):
    said = {"DATABASE_URL": database, "CAMP_ENV": "test", "DJANGO_SETTINGS_MODULE": "camp.settings"}
    command = [sys.executable, "manage.py", *words]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | said, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def tables(database):
    lines = manage(database, "shell", "-v0", "-c", "\n".join(line[4:] for line in TABLES.splitlines())).splitlines()
    return [line for line in lines if not line.startswith("django_migrations ")]


@pytest.mark.django_db
def test_migrations_make_the_tables_of_the_models(empty_database):
    manage(empty_database, "migrate", "--verbosity", "0")

    manage(empty_database, "migrate", "--check")
    assert tables(empty_database) == tables(address(connection.settings_dict["NAME"]))
