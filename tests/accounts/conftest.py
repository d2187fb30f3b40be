import pytest
from django.test import Client
from django.utils import translation

from camp.accounts import events


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


@pytest.fixture
def heard():
    """The names of the events that accounts sends, in their order."""
    names, listeners = [], []
    for name in ("login_linked", "login_unlinked", "login_retired", "login_reassigned"):

        def listen(sender, name=name, **kwargs):
            names.append(name)

        listeners.append((getattr(events, name), listen))
        getattr(events, name).connect(listen)
    yield names
    for signal, listen in listeners:
        signal.disconnect(listen)
