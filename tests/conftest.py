"""What every test shares: which tests count on which database. Things to test with are in tests/factories.py."""

import os
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.emptying import empty_tables

# How long an example takes says more about the machine than about the code: speed is measured in benchmarks/.
hypothesis_settings.register_profile("camp", deadline=None)
hypothesis_settings.load_profile("camp")
TransactionTestCase._fixture_teardown = lambda case: empty_tables()


def pytest_runtest_setup(item):
    """Skip, with the reason, what only PostgreSQL can show; fail it where CI promised a PostgreSQL."""
    if not item.get_closest_marker("postgres") or connection.vendor == "postgresql":
        return
    if os.environ.get("CAMP_REQUIRE_POSTGRES"):
        pytest.fail("CAMP_REQUIRE_POSTGRES is set, but DATABASE_URL is no PostgreSQL.", pytrace=False)
    pytest.skip("counts on PostgreSQL only: set DATABASE_URL=postgresql://… to run it")


def pytest_collection_modifyitems(config, items):
    """With CAMP_ONLY_DATABASE: leave out what asks no database, as it has run already and nothing can differ."""
    if not os.environ.get("CAMP_ONLY_DATABASE"):
        return
    asking = [item for item in items if asks_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_database(item)])
    items[:] = asking


def asks_database(item):
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))


@pytest.fixture(autouse=True)
def empty_cache():
    """Every test begins with no rate limit used up and no board rendered."""
    for name in settings.CACHES:
        caches[name].clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A browser that closes in the middle of a request leaves a connection behind; end it, to drop the base."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker):
    """Makes rows once for all tests of a file, which find them as they were made: `lasting(make)` returns what it made.

    A copy of it, that is, for each test (`copy.deepcopy`), as a test may change what it holds.
    """
    with ExitStack() as stack:

        def make_once(make):
            with django_db_blocker.unblock():
                stack.enter_context(undone(django_db_blocker))
                return make()

        yield make_once


@contextmanager
def undone(blocker):
    """A transaction around the tests of a file, each of which has one of its own inside; rolled back at the end."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # As Django's own around a test: a service may ask for the outermost one inside.
    atomic.__enter__()
    yield
    with blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
