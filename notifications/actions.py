"""The outbox: told in the same transaction as what happened, sent afterwards by `delivery`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import doorbell
from common.identity import desk_name
from common.rows import insert, put
from notifications import listening
from notifications.enums import Channel, DeliveryState
from notifications.hosts import host_of
from notifications.letters import Letter
from notifications.models import Alert, Delivery, Endpoint
from notifications.webhooks import EVENT
from people.models import User
from people.zones import zone_of

DELIVER_TASK = "notifications.tasks.deliver"
# How the key of an alert's mail ends; those of its other ways end otherwise.
MAIL_KEY = ":email"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told to some people; `compose` is called for each, in that person's language and zone."""

    recipients: Sequence[User]
    compose: Callable[[User], Letter]
    dedupe: str
    by_mail: bool = True
    # Whom it is for makes no difference but for language and zone, so it is composed once for each of those.
    is_alike: bool = False


class _Told(NamedTuple):
    """A letter to the people who read it in the same language and zone."""

    notice: Notice
    people: Sequence[User]
    letter: Letter


# Language and time zone.
_Words = tuple[str, str]


def notify(
    *, recipients: Iterable[User], compose: Callable[[User], Letter], dedupe: str, now: datetime, by_mail: bool = True
) -> int:
    """One alert and one mail per recipient under a dedupe key; a repeat with the same key adds nothing.

    Returns how many people were told.
    """
    return notify_many([Notice(list(recipients), compose, dedupe, by_mail)], now=now)


def notify_many(notices: Sequence[Notice], *, now: datetime) -> int:
    """The same for a batch, in a constant number of queries."""
    alerts: list[dict[str, Any]] = []
    mails: list[dict[str, Any]] = []
    for told in _composed(notices):
        alerts += _alerts(told, now)
        if told.notice.by_mail:
            mails += _mails(told, now)
    insert(Alert, alerts, unless_there=True)
    insert(Delivery, mails, unless_there=True)
    if mails:
        ring_on_commit()
    return len(alerts)


def post(
    *,
    address: str,
    subject: str,
    dedupe: str,
    now: datetime,
    text: str = "",
    template: str = "",
    context: dict[str, Any] | None = None,
    recipient: User | None = None,
    headers: dict[str, str] | None = None,
    sender: str = "",
    thread_token: str = "",
    files: Sequence[dict[str, str]] = (),
) -> None:
    """One mail that is no alert: an answer to a customer, a sign-in link.

    `files` go along: each with its name, its type and where it is stored.
    """
    put(
        [
            Delivery(
                recipient=recipient,
                address=address,
                host=host_of(address),
                sender=sender,
                subject=subject[:300],
                text=text,
                template=template,
                context=context or {},
                headers=headers or {},
                files=list(files),
                thread_token=thread_token,
                ticket_number=(context or {}).get("ticket_number"),
                dedupe_key=dedupe,
                next_try_at=now,
                created_at=now,
            )
        ],
        unless_there=True,
    )
    ring_on_commit()


def call(*, endpoint: str, title: str, told: Mapping[str, Any], ticket_number: int, dedupe: str, now: datetime) -> bool:
    """One signed call of one program, by its name, with what is `told`; False where there is none in use.

    A repeat with the same key adds nothing. `title` is for the list of what was sent.
    """
    known = Endpoint.objects.filter(name=endpoint, is_enabled=True).first()
    if known is None:
        return False
    row = Delivery(
        channel=Channel.WEBHOOK,
        endpoint=known,
        address=known.name,
        host=f"hook:{known.pk}",
        subject=title[:300],
        context={EVENT: dict(told)},
        ticket_number=ticket_number,
        dedupe_key=dedupe,
        next_try_at=now,
        created_at=now,
    )
    put([row], unless_there=True)
    ring_on_commit()
    return True


def ring_on_commit() -> None:
    """Hurry the worker once the rows are there; a dead broker only means that the beat finds them."""
    transaction.on_commit(_ring)


def came_back(letter: Delivery, answer: str, *, now: datetime) -> None:
    """A server has said for good that it did not reach its reader; its state stays, for it did leave the house."""
    Delivery.objects.filter(pk=letter.pk, came_back_at=None).update(came_back_at=now, last_error=answer)
    listening.tell(letter, answer, now)


def mark_read(*, user: User, pk: int, now: datetime) -> None:
    Alert.objects.for_person(user).unread().filter(pk=pk).update(read_at=now)


def mark_all_read(*, user: User, now: datetime) -> None:
    Alert.objects.for_person(user).unread().update(read_at=now)


def _ring() -> None:
    doorbell.ring(DELIVER_TASK)


def _composed(notices: Sequence[Notice]) -> list[_Told]:
    """Language by language and zone by zone, each of which is turned to once."""
    readers: defaultdict[_Words, list[tuple[Notice, list[User]]]] = defaultdict(list)
    known: dict[int, dict[_Words, list[User]]] = {}
    for notice in notices:
        # Of many notices for the very same people these are sorted once.
        key = id(notice.recipients)
        if key not in known:
            known[key] = _by_words(notice.recipients)
        for words, people in known[key].items():
            readers[words].append((notice, people))
    found: list[_Told] = []
    for (language, zone), asked in readers.items():
        with translation.override(language), timezone.override(zone_of(zone)):
            for notice, people in asked:
                groups = [people] if notice.is_alike else [[person] for person in people]
                found += [_Told(notice, group, notice.compose(group[0])) for group in groups]
    return found


def _by_words(recipients: Sequence[User]) -> dict[_Words, list[User]]:
    found: defaultdict[_Words, list[User]] = defaultdict(list)
    for person in dict.fromkeys(recipients):
        found[person.language, person.time_zone].append(person)
    return found


def _alerts(told: _Told, now: datetime) -> list[dict[str, Any]]:
    """As their rows."""
    letter, dedupe = told.letter, told.notice.dedupe
    alike = {
        "kind": letter.kind,
        "title": letter.title[:300],
        "body": letter.body,
        "path": letter.path,
        "ticket_number": letter.ticket_number,
        "escalation_number": letter.escalation_number,
        "created_at": now,
    }
    return [{**alike, "recipient_id": person.pk, "dedupe_key": f"{dedupe}:{person.pk}"} for person in told.people]


def _mails(told: _Told, now: datetime) -> list[dict[str, Any]]:
    """As their rows."""
    letter, dedupe = told.letter, told.notice.dedupe
    alike = {
        "subject": letter.title[:300],
        "template": "alert",
        "context": _context(letter, told.people[0].language),
        "thread_token": letter.thread_token,
        "kind": letter.kind,
        "severity": letter.severity,
        "ticket_number": letter.ticket_number,
        "escalation_number": letter.escalation_number,
        # How each reader wants it, and by which other ways, is asked before it is sent (`routing`).
        "state": DeliveryState.NEW,
        "next_try_at": now,
        "created_at": now,
    }
    return [
        {
            **alike,
            "recipient_id": person.pk,
            "address": person.email,
            "host": host_of(person.email),
            "dedupe_key": f"{dedupe}:{person.pk}{MAIL_KEY}",
        }
        for person in told.people
    ]


def _context(letter: Letter, language: str) -> dict[str, Any]:
    page_url = f"{settings.BASE_URL}{letter.path}"
    return {
        "desk_name": desk_name(),
        "severity": letter.severity,
        "escalation_ref": letter.reference,
        "stage": letter.stage,
        "headline": letter.title,
        "why": letter.why or letter.body,
        "facts": [{"label": label, "text": text} for label, text in letter.facts],
        "action_url": f"{settings.BASE_URL}{letter.mail_path or letter.path}",
        "page_url": page_url,
        "action_label": letter.action,
        # Beside the button that leads to a deed of its own: the page that shows what there is.
        **({"second_url": page_url, "second_label": _("What has been done")} if letter.mail_path else {}),
        "language": language,
        **letter.extra,
    }
