"""A CI issuer of our own to test with: its RSA keys, its tokens, and its list of keys on this machine. No network.

`Issuer` is a real https server with a certificate made here, so that the fetching is tested as it runs. Its fixture is
`issuer` in conftest.py: take it, and `keys.token()` is a token that the site accepts.
"""

import base64
import ipaddress
import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from jwt.algorithms import RSAAlgorithm

from camp.rankings.uploads import identity_tokens
from camp.rankings.uploads.identity_tokens import TokenError

KID = "key-of-the-day"
AT = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
COMMIT = "c" * 40  # Of the learner's repository.
REVIEWED = "a" * 40  # Of the grader's.
WORKFLOW = "camp-graders/actions/.github/workflows/grade.yml@refs/heads/main"


@cache
def private_key(name="issuer", bits=2048):
    """A key made once for each name; "issuer" is the one that signs."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(kid=KID, key=None, **changes):
    public = RSAAlgorithm.to_jwk((key or private_key()).public_key(), as_dict=True)
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": public["n"], "e": public["e"], **changes}


def jwks(*entries):
    return json.dumps({"keys": list(entries)}).encode()


def claims(at=AT, **changes):
    """What GitHub says of a push by actor 1001 to a repository of their own. A change to `...` leaves the claim out."""
    now = int(at.timestamp()) - 60
    every = {
        "iss": settings.CI_ISSUER, "aud": settings.CI_AUDIENCE, "jti": "5e6d6bd2-0d8b-4d2c-9ac6-3a7f3f5b2d10",
        "sub": "repo:lin/learning-cxx:ref:refs/heads/main", "iat": now, "nbf": now - 600, "exp": now + 300,
        "actor": "lin", "actor_id": "1001", "repository": "lin/learning-cxx", "repository_id": "424242",
        "repository_owner": "lin", "repository_owner_id": "1001", "ref": "refs/heads/main", "ref_type": "branch",
        "event_name": "push", "runner_environment": "github-hosted", "job_workflow_ref": WORKFLOW,
        "job_workflow_sha": REVIEWED, "run_id": "22259804324", "run_number": "42", "run_attempt": "1", "sha": COMMIT,
        **changes,
    }  # fmt: skip
    return {name: value for name, value in every.items() if value is not ...}


def header(**changes):
    every = {"typ": "JWT", "alg": "RS256", "x5t": "thumbprint", "kid": KID, **changes}
    return {name: value for name, value in every.items() if value is not ...}


def token(at=AT, *, key=None, headers=None, **changes):
    """A token of the issuer with these claims changed, signed by RS256 whatever its header says."""
    return signed(part(header(**(headers or {}))) + "." + part(claims(at, **changes)), key)


def signed(text, key=None):
    """`header.claims` and the signature over it."""
    return text + "." + encoded((key or private_key()).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))


def refusal_of(text, at=AT):
    """Status and code of the refusal of a token."""
    with pytest.raises(TokenError) as caught:
        identity_tokens.verify(text, at=at)
    assert str(caught.value) != ""
    return caught.value.status, caught.value.code


def by_algorithm(algorithm, key):
    """A token that PyJWT made with another algorithm than ours."""
    return jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": KID})


def public_pem():
    """The issuer's public key as text."""
    public = private_key().public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def part(document):
    return encoded(json.dumps(document).encode())


def encoded(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Issuer(ThreadingHTTPServer):
    """Answers with `status`, `headers` and `body`; does not answer at all while `is_down`. `asked` counts requests."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Answer)
        self.certificate = folder / "certificate.pem"
        self.certificate.write_bytes(certificate_and_key())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self.server_port}/.well-known/jwks"
        self.reset()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def reset(self):
        self.status, self.headers, self.body = 200, {}, jwks(jwk())
        self.is_down, self.delay, self.asked = False, 0, 0

    def publish(self, *entries):
        self.body = jwks(*entries)

    def handle_error(self, request, client_address):
        """Clients that hang up are part of the tests."""


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 (the name that http.server calls)
        self.server.asked += 1
        time.sleep(self.server.delay)
        if self.server.is_down:
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *words):
        """Tests are quiet."""


@cache
def certificate_and_key():
    """A certificate for 127.0.0.1 that vouches for itself, with its key, in PEM."""
    key, name = private_key("server"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = built.add_extension(here, critical=False)
    certificate = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return certificate + key.private_bytes(*form)
