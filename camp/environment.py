"""Reading settings from environment variables, each with a sentence when it is missing or unusable."""

import os

from django.core.exceptions import ImproperlyConfigured

PLACEHOLDERS = ("changeme", "change-me", "change_me", "secret", "placeholder", "insecure", "example", "xxx")


def text(name, default=None):
    """The variable's text, `default` when it is unset or empty. Without a default a missing one is refused by name."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set. Set it before starting Camp.")
    return default


def number(name, default):
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"The environment variable {name} must be a whole number, not {value!r}.")
    return int(value)


def names(name, default=None):
    """A comma-separated list without its empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret(name, *, fallback=None):
    """A secret of at least 32 characters that is no placeholder. `fallback` serves outside production only."""
    value = text(name, fallback)
    if value == fallback:
        return value
    if len(value) < 32 or value.lower().startswith(PLACEHOLDERS):
        raise ImproperlyConfigured(
            f"The environment variable {name} is too short or a placeholder. Give it at least 32 random characters."
        )
    return value
