from django.dispatch import receiver

from camp.classrooms import reminders
from camp.notices.events import round_begun


@receiver(round_begun)
def remind(sender, at, **kwargs):
    reminders.remind_due(at=at)


@receiver(round_begun)
def tell_changes(sender, at, **kwargs):
    reminders.tell_changes(at=at)
