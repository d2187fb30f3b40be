import argparse

from django.core.management.base import BaseCommand, CommandError

from camp import campfile
from camp.camps.commands import camp_named


def upload_id(text):
    """NUMBER=ID of a course, as a pair of numbers."""
    number, _equals, value = text.partition("=")
    if not (number.isdecimal() and value.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text}: write NUMBER=ID, such as 1=1799")
    return int(number), int(value)


class Command(BaseCommand):
    help = "Copies a camp to a new season, unpublished: without people, scores, announcements and group links."

    def add_arguments(self, parser):
        parser.add_argument("camp", metavar="ORG/CAMP", help="the camp to copy")
        parser.add_argument("slug", metavar="NEW_SLUG", help="the new camp's address in the organization")
        parser.add_argument("--name", default="", help="the new camp's name (default: the old one's)")
        parser.add_argument("--shift-days", type=int, required=True, help="how many days later the new season is")
        parser.add_argument("--upload-ids", nargs="+", type=upload_id, default=[], metavar="NUMBER=ID")

    def handle(self, *, camp, slug, name, shift_days, upload_ids, **options):
        old = camp_named(camp)
        try:
            report = campfile.clone(old, slug=slug, days=shift_days, name=name, upload_ids=dict(upload_ids))
        except campfile.CampFileError as error:
            raise CommandError(f"nothing was changed.\n{error}") from error
        for line in report.lines():
            self.stdout.write(line)
