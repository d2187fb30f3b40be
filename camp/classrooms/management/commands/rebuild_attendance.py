from camp.camps.commands import RebuildCommand
from camp.classrooms import attendance


class Command(RebuildCommand):
    help = "Counts attended meetings again from the check-ins, prints the differences (none expected), repairs them."

    def rebuild(self, camp, *, repair):
        return attendance.rebuild(camp, repair=repair)
