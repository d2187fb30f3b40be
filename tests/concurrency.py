"""Tools for tests of locks and races. The tests need `@pytest.mark.django_db(transaction=True)`."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import OperationalError, connection


def at_once(calls):
    """Run the calls in threads that start together, each with a database connection of its own.

    Returns for each what it returned, or the exception it raised.
    """
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - an outcome like any other
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@contextmanager
def row_held(row, strength="NO KEY UPDATE"):
    """Hold a row on a second connection, as another transaction would, and let statements here wait for 0.2 seconds."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            table, key = row._meta.db_table, row._meta.pk.column
            cursor.execute(f"SELECT 1 FROM {table} WHERE {key} = %s FOR {strength}", [row.pk])  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        yield
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")


def waits(call):
    """Whether the call waits for a lock that somebody else holds, until its patience is over."""
    try:
        call()
    except OperationalError as error:
        return "lock timeout" in str(error)
    return False
