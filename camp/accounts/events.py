"""What accounts announces to the apps on its right, inside the transaction of the service.

login_linked(identity)              a login counts for its user from now on, its older uploads too
login_unlinked(identity)            it stops counting; what it scored before stays
login_retired(identity)             that happened because the name went to another account over there, or was renamed
login_reassigned(identity, before)  the proven owner took it from the user `before`; its uploads move
login_given(identity, before)       staff gave it to another account of its person; its uploads move
login_linked_by_run(identity)       a CI run proved it with a code of its user; sent after the others
profile_changed(user)               the name under which others read the user is another one
"""

from django.dispatch import Signal

login_linked = Signal()
login_unlinked = Signal()
login_retired = Signal()
login_reassigned = Signal()
login_given = Signal()
login_linked_by_run = Signal()
profile_changed = Signal()

SHOWN = {"display_name", "handle"}


def tell_of_profile(user, changed):
    """Announce a saved profile where a field that names the person is among the changed ones."""
    if SHOWN & set(changed):
        profile_changed.send(type(user), user=user)
