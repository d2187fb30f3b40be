"""The verification link once more, for whoever lost the mail."""

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.models import EmailAddress

from camp.accounts.adapter import MAIL_WENT_TO
from camp.accounts.models import User


def send_again(request, email):
    """Send one mail whatever the address is: the link, or that it is verified already, or that it has no account.

    So the pages say nothing about who has an account. allauth lets one such mail to an address out in three minutes.
    """
    request.session[MAIL_WENT_TO] = email
    is_verified = EmailAddress.objects.is_verified(email)
    address = None if is_verified else _waiting(email)
    send_verification_email_to_address(request, address or EmailAddress(email=email), signup=is_verified)


def _waiting(email):
    for user in User.objects.filter(email=email):
        sync_user_email_address(user)  # Somebody whom staff entered has no such row yet.
    return EmailAddress.objects.filter(email=email, verified=False).order_by("-primary").first()
