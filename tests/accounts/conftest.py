import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the site's language is."""
    with translation.override("en"):
        yield


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def sign_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def github(settings):
    """GitHub as it is configured in production."""
    settings.GITHUB_CLIENT_ID = "Iv1.test"
    app = {"client_id": "Iv1.test", "secret": "not-a-secret", "key": ""}
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [app], "SCOPE": ["read:user", "user:email"]}}
