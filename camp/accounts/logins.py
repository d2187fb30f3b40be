"""Logins on code hosts as people type them: pure functions, no database."""

import re
from urllib.parse import urlsplit

from camp.accounts.folding import visible

HOSTS = {"github": "github.com", "gitee": "gitee.com", "cnb": "cnb.cool"}
LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?")


def login_in(text, *, channel):
    """The login in `text`: itself, with a leading @, or pasted as a profile address of the channel's host.

    Raises ValueError when the text is neither; the caller words the refusal.
    """
    text = visible(text)
    if "/" in text:
        text = _from_address(text, HOSTS[channel])
    login = text.removeprefix("@")
    if not LOGIN.fullmatch(login):
        raise ValueError(text)
    return login


def _from_address(text, host):
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if (parts.hostname or "").removeprefix("www.") != host:
        raise ValueError(text)
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments[:1] == ["u"]:  # cnb.cool/u/<login>
        segments = segments[1:]
    if len(segments) != 1:
        raise ValueError(text)
    return segments[0]
