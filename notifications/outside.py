"""The watch outside: an address that is called while the desk is well; a desk that is dead calls nobody.

The address was typed by somebody, so it is called like a webhook's: where it leads is looked at, no redirect is
followed, and what it may cost is bounded (`notifications.calling`).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.audit import record_change
from common.errors import InvalidInput
from common.text import one_line
from notifications.calling import CallFailedError, ForbiddenAddressError, check_url, post
from notifications.models import OutsideWatch
from people.models import User

URL_LIMIT = 500
MOST_MINUTES = 60


@transaction.atomic
def set_watch(*, url: str, minutes: int, by: User, now: datetime) -> OutsideWatch | None:
    """An empty address: nobody is called. InvalidInput names what is wrong. It is called within the next minute."""
    row = OutsideWatch.objects.select_for_update().first()
    before = _told(row)
    if not url.strip():
        if row is not None:
            row.delete()
            record_change(by=by, subject="outside watch", before=before, after={})
        return None
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidInput.of("minutes", _("From 1 to %(most)d minutes.") % {"most": MOST_MINUTES})
    row = row or OutsideWatch()
    row.url, row.minutes, row.next_at = _checked(url), minutes, now
    row.called_at, row.failing_since, row.last_error = None, None, ""
    row.save()
    if _told(row) != before:
        record_change(by=by, subject="outside watch", before=before, after=_told(row), of=row)
    return row


def call(*, now: datetime) -> bool:
    """One call where it is time for one; whether it was taken. Never raises for what the other side does."""
    row = OutsideWatch.objects.filter(next_at__lte=now).first()
    if row is None:
        return False
    # Whoever moves the moment first is the one who calls.
    mine = OutsideWatch.objects.filter(pk=row.pk, next_at=row.next_at, url=row.url)
    if not mine.update(next_at=now + timedelta(minutes=row.minutes)):
        return False
    failure = _failure(row.url)
    kept = OutsideWatch.objects.filter(pk=row.pk, url=row.url)
    if failure:
        kept.update(last_error=failure[:300], failing_since=row.failing_since or now)
    else:
        kept.update(last_error="", failing_since=None, called_at=now)
    return not failure


def _failure(url: str) -> str:
    """Empty for a call that was taken."""
    try:
        answer = post(url, content=b"", headers={"Content-Length": "0"})
    except (ForbiddenAddressError, CallFailedError) as error:
        return str(error)
    return "" if 200 <= answer.status < 300 else f"{answer.status} {answer.text[:200]}".strip()


def _checked(url: str) -> str:
    try:
        return check_url(one_line(url, field="url", limit=URL_LIMIT))
    except ForbiddenAddressError as error:
        raise InvalidInput.of("url", str(error)) from None


def _told(row: OutsideWatch | None) -> dict[str, object]:
    """The host and no more: the rest of the address is as good as a key."""
    return {"host": str(row), "minutes": row.minutes} if row else {}
