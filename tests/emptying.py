"""Empties the database after a test that commits.

Django's own way truncates every table and then makes all content types and permissions again: a second or more for each
such test, of which there are hundreds. Here only tables with rows are emptied, and those two keep theirs.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

KEPT = {model._meta.db_table for model in (ContentType, Permission, MigrationRecorder.Migration)}


def empty_tables():
    """All at once, as foreign keys are looked at only when the transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables_with_rows(cursor):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def tables_with_rows(cursor):
    tables = set(connection.introspection.django_table_names(include_views=False)) - KEPT
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in tables)  # noqa: S608
    found = []
    for part in batched(list(asked), 100):
        cursor.execute(" UNION ALL ".join(part))
        found += [table for (table,) in cursor.fetchall()]
    return found


def batched(items, size):
    """SQLite takes 500 parts of a compound statement at most."""
    return (items[start : start + size] for start in range(0, len(items), size))
