import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the site's language is."""
    with translation.override("en"):
        yield
