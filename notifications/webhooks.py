"""Signed calls to other programs (Standard Webhooks): one id over all tries, so that a second call is recognised."""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from standardwebhooks import Webhook

from common import clock
from notifications.calling import Answer, GoneError, post
from notifications.models import Delivery, Endpoint
from notifications.withholding import WITHHELD

OLD_SECRET_FOR = timedelta(days=1)
# A receiver that will never again take anything says so (Standard Webhooks: 410).
GONE = 410
# Under this name the outbox keeps what is said of an event; a call of this kind says of itself that it is a test.
EVENT, TEST = "event", "test"
# What their titles say is an administrator's own: that it is a test, which rule calls.
_OWN_WORDS = frozenset({TEST, "rule"})
SECRET_PREFIX = "whsec_"  # noqa: S105 - how the specification has them begin


class RefusedCallError(Exception):
    """The receiver answered, and not with success."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        super().__init__(f"{answer.status} {answer.text[:200]}".strip())


def new_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(32)).decode("ascii")


class Caller:
    """The outbox's way by webhook."""

    def send(self, delivery: Delivery) -> str:
        endpoint = delivery.endpoint
        if endpoint is None:
            raise GoneError("the endpoint was removed")
        body = payload(delivery)
        # Standard Webhooks signs whole seconds of now: the receiver refuses what is older than some minutes.
        headers = signed(endpoint, message_id(delivery), body, clock.now())
        answer = post(endpoint.url, content=body.encode(), headers={"Content-Type": "application/json", **headers})
        if answer.status == GONE:
            Endpoint.objects.filter(pk=endpoint.pk).update(is_enabled=False)
            raise GoneError("the receiver answered 410: it wants no more")
        if not 200 <= answer.status < 300:
            raise RefusedCallError(answer)
        return f"{answer.status} {answer.text}".strip()

    def close(self) -> None:
        """Each call has a connection of its own."""


def message_id(delivery: Delivery) -> str:
    return f"msg_{delivery.pk}"


def signed(endpoint: Endpoint, identifier: str, body: str, now: datetime) -> dict[str, str]:
    """Both secrets sign while the old one is still good."""
    known = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_until and endpoint.old_until > now:
        known.append(endpoint.old_secret)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(identifier, now, body) for secret in known),
    }


def payload(delivery: Delivery) -> str:
    """What was told, without the words that were chosen for one reader's language: numbers, times and the link.

    Of an event as it was put together when it happened (`escalation.telling`), so that each try says the same.
    """
    if EVENT in delivery.context:
        return _json(delivery.context[EVENT])
    is_granted = delivery.endpoint is not None and (delivery.endpoint.with_words or delivery.kind in _OWN_WORDS)
    has_words = is_granted and WITHHELD not in delivery.context
    data: dict[str, Any] = {
        **({"title": delivery.subject} if has_words else {}),
        "severity": delivery.severity,
        "ticket": delivery.ticket_number,
        "escalation": delivery.escalation_number,
        "url": delivery.context.get("page_url") or settings.BASE_URL,
    }
    return _json({"type": f"alert.{delivery.kind}", "timestamp": delivery.created_at.isoformat(), "data": data})


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
