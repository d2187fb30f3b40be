from django.core.management.base import BaseCommand, CommandError

from camp.camps.commands import camp_named
from camp.projects.allocation.runs import verify_run
from camp.projects.models import AllocationRun


class Command(BaseCommand):
    help = "Computes every allocation run again from what went into it, and compares result and digest."

    def add_arguments(self, parser):
        parser.add_argument("camp", nargs="?", metavar="ORG/CAMP", help="one camp; without it, all")

    def handle(self, *, camp, **options):
        runs = AllocationRun.objects.select_related("round__project_stage__camp").order_by("pk")
        if camp:
            runs = runs.filter(round__project_stage__camp=camp_named(camp))
        wrong = [run for run in runs if not self._agrees(run)]
        if wrong:
            raise CommandError(f"{len(wrong)} of the runs are not what their input gives.")

    def _agrees(self, run):
        agrees = verify_run(run)
        self.stdout.write(f"{'same' if agrees else 'DIFFERENT'}  {run.result_hash}  {run}")
        return agrees
