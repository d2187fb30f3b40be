from django.contrib.auth.management.commands import createsuperuser

from camp.accounts.models import User
from camp.accounts.services import trust_email


class Command(createsuperuser.Command):
    """Django's command; the address counts as verified, so that the first person can sign in before mail works."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        for user in User.objects.filter(is_superuser=True, emailaddress=None):
            trust_email(user)
