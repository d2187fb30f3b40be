"""What notices announces to the apps on its right.

round_begun(at)  the sender of mails begins a round: what falls due by the clock (reminders, changes) can be queued now.
                 Outside any transaction; a receiver that fails is logged and stops nobody else.
"""

from django.dispatch import Signal

round_begun = Signal()
