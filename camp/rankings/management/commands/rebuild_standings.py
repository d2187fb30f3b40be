from django.core.management.base import BaseCommand, CommandError

from camp.camps.models import Camp
from camp.rankings import services


class Command(BaseCommand):
    help = "Compares every standing with the attempts, prints the differences (none expected) and repairs them."

    def add_arguments(self, parser):
        parser.add_argument("camp", nargs="?", metavar="ORG/CAMP", help="one camp; without it, all")
        parser.add_argument("--check", action="store_true", help="only print, repair nothing")

    def handle(self, *, camp, check, **options):
        found = [line for one in camps_named(camp) for line in services.rebuild_standings(one, repair=not check)]
        for line in found:
            self.stdout.write(line)
        self.stdout.write(f"{len(found)} differences." if found else "No differences.")


def camps_named(address):
    """The camp of an `ORG/CAMP` address in a list, all camps without one."""
    if address is None:
        return list(Camp.objects.order_by("pk"))
    organization, _slash, slug = address.partition("/")
    camp = Camp.objects.at(organization, slug).first()
    if camp is None:
        raise CommandError(f"There is no camp {address}. Write it as in its address, such as InfiniTensor/2024summer.")
    return [camp]
