"""Alerts to a browser that is not open at the desk (RFC 8030, 8291, 8292); an extra, as messengers are."""

import importlib
import importlib.util
import json
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common import clock
from common.errors import InvalidInput
from notifications.calling import Answer, GoneError, post
from notifications.models import Delivery, Way

# The browsers' makers; an address of any other host is not called.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
GONE = {404, 410}
# Seconds that a push service keeps it for a browser that is switched off.
KEPT_FOR = 12 * 3600
_SALT = "notifications.push"


class RefusedPushError(Exception):
    """The push service answered, and not with success."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        super().__init__(f"{answer.status} {answer.text[:200]}".strip())


def is_installed() -> bool:
    return importlib.util.find_spec("pywebpush") is not None


def public_key() -> str:
    """What a browser subscribes with: the desk's own key, as uncompressed point in base64 (RFC 8292)."""
    serialization = importlib.import_module("cryptography.hazmat.primitives.serialization")
    point = _vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return _base64(point)


def check(subscription: Any) -> str:
    """A browser's subscription as it is kept; InvalidInput for anything else."""
    wrong = InvalidInput.of("subscription", _("This browser's subscription cannot be used."))
    if not isinstance(subscription, dict) or not isinstance(subscription.get("keys"), dict):
        raise wrong
    endpoint, keys = subscription.get("endpoint"), subscription["keys"]
    given = [endpoint, keys.get("p256dh"), keys.get("auth")]
    if not all(isinstance(one, str) and one.isascii() and 0 < len(one) <= 700 for one in given):
        raise wrong
    host = urlsplit(str(endpoint)).hostname or ""
    if not str(endpoint).startswith("https://") or not _is_service(host):
        raise wrong
    kept = {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}
    return json.dumps(kept, separators=(",", ":"), sort_keys=True)


def _is_service(host: str) -> bool:
    return any(host == name or (name.startswith(".") and host.endswith(name)) for name in SERVICES)


class Pusher:
    """The outbox's way to a browser."""

    def send(self, delivery: Delivery) -> str:
        way = delivery.way
        if way is None:
            raise GoneError("its reader has taken this way back")
        subscription = json.loads(way.target)
        answer = post(subscription["endpoint"], content=_sealed(subscription, delivery), headers=_headers(subscription))
        if answer.status in GONE:
            Way.objects.filter(pk=way.pk).update(broken_at=clock.now())
            raise GoneError("the browser has taken its subscription back")
        if not 200 <= answer.status < 300:
            raise RefusedPushError(answer)
        return str(answer.status)

    def close(self) -> None:
        """Each message has a connection of its own."""


def _sealed(subscription: dict[str, Any], delivery: Delivery) -> bytes:
    """Only that browser can read it (RFC 8291)."""
    told = {
        "title": delivery.subject,
        "body": str(delivery.context.get("why", ""))[:300],
        "url": delivery.context.get("page_url") or settings.BASE_URL,
        "tag": delivery.dedupe_key[:64],
    }
    pusher = importlib.import_module("pywebpush").WebPusher(subscription)
    return bytes(pusher.encode(json.dumps(told), content_encoding="aes128gcm")["body"])


def _headers(subscription: dict[str, Any]) -> dict[str, str]:
    parts = urlsplit(subscription["endpoint"])
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}"}
    return {
        **_vapid().sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_FOR),
        "Urgency": "high",
    }


def _vapid() -> Any:
    """Made of the desk's secret: the same in every process, and nothing more to keep."""
    scalar = salted_hmac(_SALT, "VAPID", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return importlib.import_module("py_vapid").Vapid02.from_raw(_base64(scalar).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
