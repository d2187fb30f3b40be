import os
import stat
from functools import partial

from django.core.management.base import BaseCommand, CommandError

from camp import campfile
from camp.camps.commands import camp_named


class Command(BaseCommand):
    help = "Writes a whole camp as a camp file, without people and scores. It holds links and passcodes: keep it safe."

    def add_arguments(self, parser):
        parser.add_argument("camp", metavar="ORG/CAMP", help="the camp's address, such as InfiniTensor/2024summer")
        parser.add_argument("--output", metavar="FILE", help="write here instead of printing")

    def handle(self, *, camp, output, **options):
        text = campfile.dump(camp_named(camp))
        if not output:
            return self.stdout.write(text, ending="")
        try:
            write_privately(output, text)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        return self.stdout.write(f"{camp} → {output}")


def write_privately(path, text):
    """A file is readable by its owner only before anything is in it, also one that was there."""
    with open(path, "w", encoding="utf-8", newline="\n", opener=partial(os.open, mode=0o600)) as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            os.fchmod(file.fileno(), 0o600)
        file.write(text)
