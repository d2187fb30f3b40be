from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from camp import campfile
from camp.camps.models import Camp


class Command(BaseCommand):
    help = "Writes a whole camp as a camp file, without its people and scores. It holds the group links: keep it safe."

    def add_arguments(self, parser):
        parser.add_argument("camp", metavar="ORG/CAMP", help="the camp's address, such as InfiniTensor/2024summer")
        parser.add_argument("--output", metavar="FILE", help="write here instead of printing")

    def handle(self, *, camp, output, **options):
        text = campfile.dump(find_camp(camp))
        if not output:
            return self.stdout.write(text, ending="")
        try:
            Path(output).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        return self.stdout.write(f"{camp} → {output}")


def find_camp(address):
    """The camp of an address ORG/CAMP, in any case. Raises CommandError."""
    organization, _slash, slug = address.partition("/")
    camp = Camp.objects.at(organization, slug).select_related("organization").first()
    if camp is None:
        raise CommandError(f"There is no camp {address}. Write it as ORG/CAMP, such as InfiniTensor/2024summer.")
    return camp
