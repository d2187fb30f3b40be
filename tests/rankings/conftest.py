import pytest

from camp.rankings.uploads import jwks
from tests.rankings.keys import Issuer


@pytest.fixture(scope="session")
def issuer_server(tmp_path_factory):
    server = Issuer(tmp_path_factory.mktemp("issuer"))
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def issuer(issuer_server, settings, monkeypatch):
    """The CI issuer, up, with its one key; the site holds no keys yet."""
    issuer_server.reset()
    settings.CI_JWKS_URL = issuer_server.address
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(issuer_server.certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    jwks.forget()
    yield issuer_server
    jwks.forget()
