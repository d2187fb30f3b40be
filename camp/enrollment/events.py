"""What enrollment announces to the apps on its right, inside the transaction of the service.

enrollment_activated(enrollment, at)  a student has a seat (again)
enrollment_ended(enrollment, at)      an active student withdrew or was removed
"""

from django.dispatch import Signal

enrollment_activated = Signal()
enrollment_ended = Signal()
