import os
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from camp.notices import services


class Command(BaseCommand):
    help = "Sends the mails of the outbox that are due. With --watch it goes on every two seconds."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on until stopped")
        parser.add_argument("--parent", type=int, help="with --watch: stop when this process is no longer the parent")
        parser.add_argument("--limit", type=int, default=100, help="how many mails in one round (default 100)")

    def handle(self, *, watch, parent, limit, **options):
        self._round(limit)
        while watch and (parent is None or os.getppid() == parent):
            time.sleep(2)
            close_old_connections()
            self._round(limit)

    def _round(self, limit):
        sent, failed = services.send_due(limit=limit)
        if sent or failed:
            self.stdout.write(f"{sent} sent, {failed} failed")
