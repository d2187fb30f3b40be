import os
import time

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from camp.notices import events, services
from camp.notices.models import Mail

PAUSE = 2  # Seconds between two rounds.


class Command(BaseCommand):
    help = "Queues reminders that are due and sends the mails of the outbox. With --watch it goes on every two seconds."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument("--parent", type=int, help="with --watch: stop when this process is no longer the parent")
        parser.add_argument("--limit", type=int, default=100, help="how many mails in one round (default 100)")

    def handle(self, *, watch, parent, limit, **options):
        if not watch:
            return self._round(limit)
        while parent is None or os.getppid() == parent:
            self._try_round(limit)
            time.sleep(PAUSE)
            close_old_connections()
        return None

    def _try_round(self, limit):
        """A database that is away for a while ends one round, not the watch."""
        try:
            self._round(limit)
        except Error as error:
            self.stderr.write(f"the outbox could not be read, trying again: {error}")
            connection.close()

    def _round(self, limit):
        events.round_begun.send_robust(Mail, at=timezone.now())
        sent, failed = services.send_due(limit=limit)
        if sent or failed:
            self.stdout.write(f"{sent} sent, {failed} failed")
