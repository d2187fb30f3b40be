"""Where the people of a camp write to: an e-mail address, or the address of a page such as that of a group chat."""

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

validate_page = URLValidator(schemes=["http", "https"])


def validate_contact(value):
    check = validate_page if is_page(value) else validate_email
    try:
        check(value)
    except ValidationError:
        sentence = _("Write an e-mail address, or the address of a page that begins with https:// or http://.")
        raise ValidationError(sentence) from None


def is_page(contact):
    return "://" in contact


def link_to(contact):
    return contact if is_page(contact) or not contact else f"mailto:{quote(contact, safe='@')}"


def with_contact(sentence, camp):
    """A sentence that tells somebody to write to the staff, with the address behind it where the camp has one."""
    return f"{sentence} ({camp.contact})" if camp.contact else str(sentence)
