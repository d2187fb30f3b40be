"""Sessions in the database, as Django keeps them; how they are read is written once. See camp.compiled."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from camp.compiled import Compiled, Given

_living = Compiled(
    lambda: Session.objects.filter(
        session_key=Given(Session.session_key), expire_date__gt=Given(Session.expire_date, "now")
    ).order_by()
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        session = _living.first(session_key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
