from django.dispatch import receiver

from camp.enrollment.events import enrollment_activated
from camp.stages import services


@receiver(enrollment_activated)
def enter_open_stages(sender, enrollment, at, **kwargs):
    """A new student is in every stage without requirements, and in those whose rule is already met."""
    services.promote_where_met(enrollment, at=at)
