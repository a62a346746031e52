"""Each session has a row that its owner may see and end. The row is reached from inside of the session.

What a session says of itself (`SESSION_NAME`) is the row's key, the session's own key when that was written, and
when the row was last touched; so a page asks the database nothing, except once every few minutes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from people.models import SignIn, User

SESSION_NAME = "sign_in"
TOUCHED_EVERY = timedelta(minutes=5)
AGENT_LIMIT = 300


@transaction.atomic
def begin(request: HttpRequest, user: User, *, now: datetime) -> SignIn:
    """A person has signed in. Rows whose sessions are gone go too."""
    if request.session.session_key is None:
        request.session.create()
    key = request.session.session_key or ""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    SignIn.objects.filter(user=user).exclude(session_key__in=living).delete()
    given = {"user": user, "agent": request.headers.get("User-Agent", "")[:AGENT_LIMIT], "created_at": now}
    row, _made = SignIn.objects.update_or_create(session_key=key, defaults={**given, "used_at": now})
    _write_down(request, row.pk, now)
    return row


def keep_up(request: HttpRequest, user: User, *, now: datetime) -> None:
    """After a page: the row follows a session whose key was changed, and learns now and then that it is in use."""
    session = request.session
    # A program's call ends without a user: a session is no key to the API.
    if not getattr(request.user, "is_authenticated", False) or session.session_key is None:
        return
    known: dict[str, Any] | None = session.get(SESSION_NAME)
    if known is None:
        begin(request, user, now=now)
        return
    is_fresh = abs(now.timestamp() - known["used"]) < TOUCHED_EVERY.total_seconds()
    if known["key"] == session.session_key and is_fresh:
        return
    touched = SignIn.objects.filter(pk=known["row"], user=user).update(session_key=session.session_key, used_at=now)
    if touched:
        _write_down(request, known["row"], now)


def end(request: HttpRequest) -> None:
    """Signed out: the session goes by itself, its row here."""
    known = request.session.get(SESSION_NAME)
    if known is not None:
        SignIn.objects.filter(pk=known["row"]).delete()


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> int:
    """Every other session of this person is over, at once; how many there were."""
    return end_all(user, keep=request.session.session_key or "")


@transaction.atomic
def end_all(user: User, *, keep: str = "") -> int:
    """Every session of this person but the one with this key is over, at once: his rights have changed."""
    rows = SignIn.objects.filter(user=user).exclude(session_key=keep)
    ended, _by_model = Session.objects.filter(session_key__in=rows.values("session_key")).delete()
    rows.delete()
    return ended


def living(user: User, *, now: datetime) -> list[SignIn]:
    """Those whose sessions are there, the last used first."""
    sessions = Session.objects.filter(expire_date__gt=now).values("session_key")
    return list(SignIn.objects.filter(user=user, session_key__in=sessions))


def _write_down(request: HttpRequest, row: int, now: datetime) -> None:
    request.session[SESSION_NAME] = {"row": row, "key": request.session.session_key, "used": now.timestamp()}
