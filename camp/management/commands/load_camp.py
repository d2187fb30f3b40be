from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from camp import campfile


class Command(BaseCommand):
    help = "Creates or updates a whole camp from its file, in one transaction. docs/camp-file.md describes the file."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the camp file, such as examples/infinitensor-2024summer.toml")

    def handle(self, *, file, **options):
        try:
            report = campfile.load(campfile.decode(Path(file).read_bytes(), source_name=file), source_name=file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except campfile.CampFileError as error:
            raise CommandError(f"nothing was changed.\n{error}") from error
        for line in report.lines():
            self.stdout.write(line)
