"""What accounts announces to the apps on its right, inside the transaction of the service.

login_linked(identity)              a login counts for its user from now on, its older uploads too
login_unlinked(identity)            it stops counting; what it scored before stays
login_retired(identity)             that happened because the name went to another account over there, or was renamed
login_reassigned(identity, before)  the proven owner took it from the user `before`; its uploads move
"""

from django.dispatch import Signal

login_linked = Signal()
login_unlinked = Signal()
login_retired = Signal()
login_reassigned = Signal()
