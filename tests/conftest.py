"""What every test shares: which tests count on which database. Things to test with are in tests/factories.py."""

import os

import pytest
from django.core.cache import cache
from django.db import connection


def pytest_runtest_setup(item):
    """Skip, with the reason, what only PostgreSQL can show; fail it where CI promised a PostgreSQL."""
    if not item.get_closest_marker("postgres") or connection.vendor == "postgresql":
        return
    if os.environ.get("CAMP_REQUIRE_POSTGRES"):
        pytest.fail("CAMP_REQUIRE_POSTGRES is set, but DATABASE_URL is no PostgreSQL.", pytrace=False)
    pytest.skip("counts on PostgreSQL only: set DATABASE_URL=postgresql://… to run it")


@pytest.fixture(autouse=True)
def empty_cache():
    """Every test begins with no rate limit used up."""
    cache.clear()
