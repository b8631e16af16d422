"""Sessions in the database, as Django has them. One is looked up with every request and socket: by hand, therefore."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from live import rows


class SessionStore(db.SessionStore):
    """Django's own, with one method written out."""

    def _get_session_from_db(self) -> Session | None:
        found = rows.one(Session, self.session_key) if self.session_key else None
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
