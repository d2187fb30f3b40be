"""What stages announces to the apps on its right, inside the transaction of the service.

participation_admitted(participation, at)  a student entered a stage, by its rule or by staff
participation_reverted(participation, at)  staff took that back
"""

from django.dispatch import Signal

participation_admitted = Signal()
participation_reverted = Signal()
