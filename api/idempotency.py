"""Idempotency-Key: a repeated write gets the first one's answer and does nothing (kept for a day).

The row is claimed before the effect and filled in after it, all in the effect's own transaction. So a second
request with the same key waits at the unique constraint until the first has committed, or takes over where the
first failed; and an answer is never on record without its effect, nor an effect without its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from api.models import IdempotentAnswer
from common.errors import InvalidInput
from people.models import User

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200
# No status of HTTP: the effect is not done yet. Nobody sees it, except who holds the same transaction.
UNANSWERED = 0


class KeyReused(APIException):
    """The draft standard's answer to a key that comes back with another request."""

    status_code = 422
    default_code = "key_reused"


class Answer(NamedTuple):
    status: int
    body: Any
    is_repeat: bool = False


def check_key(key: str) -> str:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        sentence = _("An Idempotency-Key is 1 to %(limit)d printable ASCII characters.") % {"limit": LONGEST_KEY}
        raise InvalidInput.of("Idempotency-Key", sentence)
    return key


def fingerprint_of(method: str, path: str, body: Any) -> str:
    """What makes two requests the same one: method, address and the body's meaning, not its spacing."""
    return hashlib.sha256(json.dumps([method, path, body], sort_keys=True).encode()).hexdigest()


def once(*, user: User, key: str, fingerprint: str, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Do `act` and keep its answer, or return the answer that this key got before. Raises KeyReused."""
    purge(now)
    try:
        with transaction.atomic():
            claim = _claim(user, key, fingerprint, now)
            answer = act()
            IdempotentAnswer.objects.filter(pk=claim.pk).update(status=answer.status, body=answer.body)
            return answer
    except _TakenError:
        return _repeat(user, key, fingerprint)


def purge(now: datetime) -> int:
    """Forget what is older than a day; called on use."""
    return IdempotentAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


class _TakenError(Exception):
    """The key has an answer, or is getting one in another transaction that has committed just now."""


def _claim(user: User, key: str, fingerprint: str, now: datetime) -> IdempotentAnswer:
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                user=user, key=key, fingerprint=fingerprint, status=UNANSWERED, body={}, created_at=now
            )
    except IntegrityError as error:
        raise _TakenError from error


def _repeat(user: User, key: str, fingerprint: str) -> Answer:
    kept = IdempotentAnswer.objects.get(user=user, key=key)
    if kept.fingerprint != fingerprint:
        raise KeyReused(_("This Idempotency-Key was used for another request."))
    return Answer(kept.status, kept.body, is_repeat=True)
