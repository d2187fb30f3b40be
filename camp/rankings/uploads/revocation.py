"""Taking back upload tokens that have leaked: whoever holds the whole text of one may revoke it."""

import logging
from contextlib import suppress
from urllib.parse import unquote_plus

from django.conf import settings

from camp.rankings import services
from camp.rankings.models import Attempt, UploadToken
from camp.rankings.services import RankingError, UploadError
from camp.rankings.uploads import tokens

log = logging.getLogger(__name__)


class TokenInAddressError(UploadError):
    """An address is written into logs, histories and the chat groups that it is pasted into."""

    code = "token_in_address"

    def __init__(self):
        message = "A token in an address is seen by many: it is revoked now. Get a new one and send it in the header."
        super().__init__(Attempt.Reason.TOKEN_EXPIRED, 401, message)


def revoke_by_text(text, *, at=None):
    """Revoke the token that `text` is, if there is one. Says nothing about whether there was."""
    parts = tokens.parse(text)
    row = UploadToken.objects.filter(public_id=parts[0]).first() if parts else None
    if row and tokens.matches(parts[1], row.secret_hash, pepper=settings.TOKEN_PEPPER):
        with suppress(RankingError):  # It is revoked already.
            services.revoke_token(row, by=None, at=at)
            log.warning("The upload token %s was revoked by whoever showed it whole.", row)


def refusal_of_address(request):
    """Revoke every upload token in the address of a request. The refusal to answer with, None without any."""
    address = f"{request.path_info}?{unquote_plus(request.META.get('QUERY_STRING', ''))}"
    found = tokens.found_in(address)
    for text in found:
        revoke_by_text(text)
    return TokenInAddressError() if found else None
