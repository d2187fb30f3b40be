"""What the log does not hold: secrets that stand in addresses, and tracebacks of refusals that are ordinary."""

import logging
import re

SECRETS = (
    re.compile(r"(/calendar/)[\w-]{20,}"),  # The address of a person's calendar.
    re.compile(r"(camp(?:_|%5F)[A-Za-z0-9]{10})(?:_|%5F)[A-Za-z0-9]{20,}", re.IGNORECASE),  # An upload token.
)


class Discreet(logging.Filter):
    """Masks secrets in addresses; a refusal (4xx) is one line, as anybody can cause thousands of them."""

    def filter(self, record):
        text = record.getMessage()
        for secret in SECRETS:
            text = secret.sub(r"\1…", text)
        record.msg, record.args = text, ()
        if record.name.startswith("django.") and record.levelno < logging.ERROR:
            record.exc_info = None
        return True
