"""Loaded by pytest before Django's settings (`-p tests.environment`): tests run with the settings meant for them.

The database is the caller's choice (`DATABASE_URL`); nothing else of a deployment may reach a test.
"""

import gc
import os

gc.set_threshold(100_000, 50, 100)  # Looking for cycles every 700 objects costs a twentieth of the time.

DEPLOYMENT = (
    "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL", "EMAIL_URL", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "HSTS_SECONDS",
    "REDIS_URL", "REFUSED_UPLOADS_PER_ADDRESS_A_MINUTE", "SECRET_KEY", "SITE_URL", "TIME_ZONE", "TOKEN_PEPPER",
    "TRUSTED_PROXIES", "UPLOADS_PER_LOGIN_A_MINUTE", "UPLOADS_PER_TOKEN_A_MINUTE",
)  # fmt: skip

for name in DEPLOYMENT:
    os.environ.pop(name, None)
os.environ["CAMP_ENV"] = "test"
