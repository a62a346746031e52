"""`/metrics` for Prometheus: how late the engine is, and what waits in the outbox.

With METRICS_TOKEN for whoever shows it; without, for a program on this very machine that came through no proxy.
Everybody else finds nothing here.
"""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import nothing_here
from desk.looks.settings.health import Vitals, lag, read_vitals
from notifications.enums import UNSENT
from notifications.models import Delivery, Host

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# What a proxy adds: then the visitor is somebody else than the machine that calls.
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")
HERE = {"127.0.0.1", "localhost", "[::1]"}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return nothing_here(request)
    now = clock.now()
    return HttpResponse("".join(f"{line}\n" for line in _lines(now)), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return _is_local(request)


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.META for name in FORWARDED) or request.get_host().rsplit(":", 1)[0] not in HERE:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _lines(now: datetime) -> Iterator[str]:
    vitals = read_vitals(now)
    beats = vitals.rounds
    yield from _family("escala_round_age_seconds", "Seconds since a round of the engine was last completed.")
    for name, at in sorted(beats.items()):
        yield f'escala_round_age_seconds{{round="{name}"}} {_age(at, now)}'
    yield from _family("escala_sweep_lag_seconds", "Seconds since due clocks were last looked for.")
    # An engine that never ran is as late as can be.
    yield f"escala_sweep_lag_seconds {_age(beats['sweep'], now) if 'sweep' in beats else '+Inf'}"
    counts = dict(Delivery.objects.filter(state__in=UNSENT).order_by().values_list("state").annotate(count=Count("pk")))
    yield from _family("escala_outbox_messages", "Messages of the outbox that are not sent, by state.")
    for state in UNSENT:
        yield f'escala_outbox_messages{{state="{state}"}} {counts.get(state, 0)}'
    oldest = vitals.oldest_unsent
    yield from _family("escala_outbox_oldest_seconds", "Age of the oldest message that waits and is not held back.")
    yield f"escala_outbox_oldest_seconds {_age(oldest, now) if oldest else 0}"
    yield from _family("escala_outbox_closed_hosts", "Hosts that are left alone because they are down or busy.")
    yield f"escala_outbox_closed_hosts {Host.objects.filter(closed_until__gt=now).count()}"
    yield from _of_the_desk(vitals, now)


def _of_the_desk(vitals: Vitals, now: datetime) -> Iterator[str]:
    """What the health page shows besides."""
    yield from _family("escala_due_lag_seconds", "How long ago the oldest thing was due that is not seen to.")
    yield f"escala_due_lag_seconds {lag(vitals, now).total_seconds():.1f}"
    yield from _family("escala_mail_fetch_age_seconds", "Seconds since a mailbox was last looked into.")
    for one in vitals.mailboxes:
        name = one.address.replace("\\", "").replace('"', "")
        age = _age(one.fetched_at, now) if one.fetched_at else "+Inf"
        yield f'escala_mail_fetch_age_seconds{{mailbox="{name}"}} {age}'
    if vitals.queue is not None:
        yield from _family("escala_queue_tasks", "Tasks that wait for a worker; absent where the broker is silent.")
        yield f"escala_queue_tasks {vitals.queue}"
    yield from _family("escala_people_unreached", "Colleagues whom nothing but the page tells of a missed promise.")
    yield f"escala_people_unreached {vitals.unreached}"
    yield from _family("escala_ladder_holes", "Holes in ladders in the next fourteen days.")
    yield f"escala_ladder_holes {sum(vitals.holes.values())}"
    if vitals.outside is not None:
        yield from _family("escala_outside_call_age_seconds", "Seconds since the watch outside took a call.")
        at = vitals.outside.called_at
        yield f"escala_outside_call_age_seconds {_age(at, now) if at else '+Inf'}"
    yield from _family("escala_mail_quarantined", "Mails that could not be read and wait for somebody.")
    yield f"escala_mail_quarantined {vitals.quarantined}"


def _family(name: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"


def _age(at: datetime, now: datetime) -> str:
    return f"{max(0.0, (now - at).total_seconds()):.1f}"
