"""Sessions as Django keeps them, in the database; read with every page, by a question whose SQL is kept."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from common import clock
from common.questions import Question

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SessionStore(db.SessionStore):
    """What `SESSION_ENGINE` names. It ends by the clock by which it is found: that of a demo may be weeks ahead."""

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        return super().get_expiry_date(**{"modification": clock.now(), **kwargs})

    def _get_session_from_db(self) -> Session | None:
        found = _living.row(self.session_key or "", clock.now())
        if found is None:
            # A key that nothing is kept under is not taken over: the session gets one of its own.
            self._session_key = None
        return found


@Question
def _living(key: str, now: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(session_key=key, expire_date__gt=now).order_by()
