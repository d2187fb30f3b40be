from django.core.management.base import BaseCommand, CommandError

from camp.camps.commands import camp_named
from camp.rankings import services
from camp.rankings.services import RankingError


class Command(BaseCommand):
    help = "Issues an upload token for a course and prints it, once."

    def add_arguments(self, parser):
        parser.add_argument("camp", metavar="ORG/CAMP")
        parser.add_argument("number", metavar="NUMBER", type=int, help="the N of the course's address stage/N")

    def handle(self, *, camp, number, **options):
        course = camp_named(camp).courses.filter(number=number).first()
        if course is None:
            raise CommandError(f"{camp} has no course {number}.")
        try:
            row, text = services.issue_token(course, by=None)
        except RankingError as refusal:
            raise CommandError(str(refusal)) from None
        self.stderr.write(f"{course}: valid until {row.expires_at.isoformat()}. It is not stored and not shown again.")
        self.stdout.write(text)
