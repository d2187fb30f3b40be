"""The bare views as a WSGI application of their own, with the database and the pool of connections that Camp has."""

import os

import dj_database_url
from django.conf import settings
from django.core.wsgi import get_wsgi_application

POOL = {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}}

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"]) | {"OPTIONS": POOL}},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF="benchmarks.bare",
    SECRET_KEY=os.environ["SECRET_KEY"],
    USE_TZ=True,
)
application = get_wsgi_application()
