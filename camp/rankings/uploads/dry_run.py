"""Doing something to see what would become of it, and leaving no trace of it in the database."""

from contextlib import contextmanager, nullcontext

from django.db import transaction


@contextmanager
def dry_run():
    """Take back, at the end, all that was written inside, however it ended. What waits for the commit never runs.

    Nothing that asks another host or waits for a client belongs inside: the rows are locked all the while.
    """
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def dry_run_if(is_dry):
    return dry_run() if is_dry else nullcontext()
