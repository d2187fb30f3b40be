from camp.camps.commands import RebuildCommand
from camp.rankings import rebuild


class Command(RebuildCommand):
    help = "Compares every standing with the attempts, prints the differences (none expected) and repairs them."

    def rebuild(self, camp, *, repair):
        return rebuild.rebuild_standings(camp, repair=repair, say=self.stderr.write)
