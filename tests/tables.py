"""The tables of the database, to compare those of migrations with those of the models."""

from django.db import connection


def tables():
    """A line for each: its name, its columns with whether they take NULL, the names of its constraints and indexes."""
    with connection.cursor() as cursor:
        return [line(cursor, name) for name in sorted(connection.introspection.table_names(cursor)) if is_ours(name)]


def is_ours(name):
    return name != "django_migrations"


def line(cursor, name):
    columns = connection.introspection.get_table_description(cursor, name)
    constraints = connection.introspection.get_constraints(cursor, name)
    named = sorted(constraint for constraint in constraints if not constraint.startswith("__"))
    return f"{name} {sorted((column.name, column.null_ok) for column in columns)} {named}"
