"""Rows made of other rows inside the database: a million of them must not travel through Python."""

from django.db import connection


def insert(model, columns, rows, *, conflict):
    """Insert what a queryset of `values_list` selects. `conflict` says what becomes of rows that are there already.

    All names in the statement are ours.
    """
    select, params = rows.query.sql_with_params()
    into = f'INSERT INTO "{model._meta.db_table}" ({listed(columns)})'
    with connection.cursor() as cursor:
        cursor.execute(f"{into} {select} ON CONFLICT {conflict}", params)


def listed(columns):
    return ", ".join(f'"{column}"' for column in columns)
