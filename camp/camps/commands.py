"""What the commands over a camp share: how a camp is named, and how something derived is compared and repaired."""

from django.core.management.base import BaseCommand, CommandError

from camp.camps.models import Camp


def camp_named(address):
    """The camp of an `ORG/CAMP` address."""
    organization, _slash, slug = address.partition("/")
    camp = Camp.objects.at(organization, slug).select_related("organization").first()
    if camp is None:
        raise CommandError(f"There is no camp {address}. Write it as ORG/CAMP, such as InfiniTensor/2024summer.")
    return camp


class RebuildCommand(BaseCommand):
    """Derives something of one camp or of all again: `rebuild(camp, *, repair)` gives a line for each difference."""

    rebuild = None

    def add_arguments(self, parser):
        parser.add_argument("camp", nargs="?", metavar="ORG/CAMP", help="one camp; without it, all")
        parser.add_argument("--check", action="store_true", help="only print, repair nothing")

    def handle(self, *, camp, check, **options):
        camps = [camp_named(camp)] if camp else Camp.objects.order_by("pk")
        found = [line for one in camps for line in self.rebuild(one, repair=not check)]
        for line in found:
            self.stdout.write(line)
        self.stdout.write(f"{len(found)} differences." if found else "No differences.")
