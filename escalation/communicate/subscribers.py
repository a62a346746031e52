"""An update on its way to those who read a service's status by mail: by turns, each once (R38).

The update remembers how far it has come. A turn puts the mails of the next readers into the outbox and moves on, in
one transaction: a process that dies in between has sent nothing, and the next turn goes on where it stood.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _

from common.identity import desk_name
from common.rows import insert
from common.setbacks import Round
from escalation.communicate.subscribing import TEMPLATE, stop_url
from escalation.enums import Audience
from escalation.models import Communication, Notice, Subscription
from escalation.wording import anybody, read_by
from notifications.actions import ring_on_commit
from notifications.hosts import host_of
from notifications.models import Delivery
from tickets.models import TicketService
from tickets.promises import time_words

ROUND = "subscribers"
BATCH = 200
TURN = timedelta(seconds=5)


def beginning_for(communication: Communication) -> int | None:
    """Where the first turn begins; None where nobody reads of it by mail. What is told to one customer is his alone."""
    if communication.audience != Audience.CUSTOMERS or communication.recipients < 2:
        return None
    of_it = Subscription.objects.hearing().filter(service__in=_services(communication))
    return 0 if of_it.exists() else None


def tell_all(now: datetime) -> int:
    """One turn; how many were written to. One update that fails stops no other."""
    ends = time.monotonic() + TURN.total_seconds()
    due = Communication.objects.exclude(subscribers_from=None).order_by("at").values_list("pk", flat=True)
    return Round(ROUND, now).each(list(due), lambda pk: _tell(pk, now, ends))


def _tell(pk: int, now: datetime, ends: float) -> int:
    told = 0
    while time.monotonic() < ends and (count := _next_batch(pk, now)) is not None:
        told += count
    return told


@transaction.atomic
def _next_batch(pk: int, now: datetime) -> int | None:
    """None once all have been looked at."""
    rows = Communication.objects.select_for_update(of=("self",)).select_related("escalation")
    communication = rows.get(pk=pk)
    if communication.subscribers_from is None:
        return None
    readers = list(_readers(communication).filter(pk__gt=communication.subscribers_from)[:BATCH])
    communication.subscribers_from = readers[-1].pk if readers else None
    communication.save(update_fields=["subscribers_from"])
    if not readers:
        return None
    insert(Delivery, _mails(communication, readers, now), unless_there=True)
    ring_on_commit()
    return len(readers)


def _readers(communication: Communication) -> Any:
    """Of a public service all, of another the customers who use it; never whoever is told with the update itself."""
    told = Notice.objects.filter(communication=communication).values(mail=Lower("person__email"))
    asked = {"ticket__requester": OuterRef("person"), "ticket__trashed_at": None}
    uses = Exists(TicketService.objects.filter(service=OuterRef("service"), **asked))
    found = Subscription.objects.hearing().filter(
        Q(service__is_public=True) | uses,
        Q(person=None) | Q(person__is_active=True),
        service__in=_services(communication),
        service__is_active=True,
        confirmed_at__lte=communication.at,
    )
    return found.exclude(address__in=told).select_related("service", "person").order_by("pk")


def _services(communication: Communication) -> Any:
    return communication.escalation.affected_services.order_by().values("service")


def _mails(communication: Communication, readers: Sequence[Subscription], now: datetime) -> list[dict[str, Any]]:
    """As their rows; the words are made once for each language and zone."""
    made: dict[tuple[str, str], tuple[str, str]] = {}
    rows = []
    for reader in readers:
        language = reader.person.language if reader.person else reader.language
        zone = reader.person.time_zone if reader.person else settings.TIME_ZONE
        if (language, zone) not in made:
            made[language, zone] = _words(communication, language, zone, now)
        rows.append(_mail(communication, reader, language, *made[language, zone], now))
    return rows


def _words(communication: Communication, language: str, zone: str, now: datetime) -> tuple[str, str]:
    """Subject, where it was given one, and text for nobody in particular."""
    reader = anybody(language, zone)
    text, at = read_by(communication, reader, now), communication.next_update_by
    with translation.override(language):
        if at is None or at <= now:
            return text.subject, text.body
        by = _("Next update from us by %(time)s.") % {"time": time_words(at, reader, now)}
    return text.subject, f"{text.body}\n\n{by}"


def _mail(
    communication: Communication, reader: Subscription, language: str, subject: str, body: str, now: datetime
) -> dict[str, Any]:
    address = reader.person.email if reader.person else reader.address
    stop = stop_url(reader)
    with translation.override(language):
        subject = subject or _("News of %(service)s") % {"service": reader.service.name}
    return {
        "recipient_id": reader.person_id,
        "address": address,
        "host": host_of(address),
        "subject": subject,
        "template": TEMPLATE,
        "context": {
            "desk_name": desk_name(),
            "author": desk_name(),
            "language": language,
            "body": body,
            "service": reader.service.name,
            "action_url": f"{settings.BASE_URL}/help/status/{reader.service.slug}/",
            "stop_url": stop,
        },
        "headers": {
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        # Who reads of two services that it is about is told once.
        "dedupe_key": f"status:{communication.pk}:{sha256(address.lower().encode()).hexdigest()}",
        "next_try_at": now,
        "created_at": now,
    }
