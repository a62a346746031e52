"""Alerts of somebody who works here no more, written before he left and not sent yet: they go to who stands in for him.

Asked twice, since an alert may wait for days between: before its ways are planned (`routing`), and before each try
(`delivery`). Whoever stands in gets it under the key that would have been his, so nobody is told twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.rows import insert
from notifications.actions import MAIL_KEY, ring_on_commit
from notifications.calling import GoneError
from notifications.enums import AlertKind, DeliveryState
from notifications.hosts import host_of
from notifications.models import Alert, Delivery
from notifications.rendering import DIGEST
from notifications.withholding import owners_of, seen_by
from people.chain import managers_of, present
from people.enums import Role
from people.models import Team, User

# Of each alert who reads it instead.
_Readers = Mapping[int, Sequence[User]]


class NobodyError(Exception):
    """Nobody stands in, and the desk has no administrator: it waits for one."""


def has_left(row: Delivery) -> bool:
    """Whether its reader worked here and is switched off. A customer's mail is his, whether he may sign in or not."""
    return row.recipient is not None and not row.recipient.is_active and row.recipient.role != Role.CUSTOMER


def check_reader(row: Delivery, now: datetime) -> None:
    """Raises GoneError for what is not to be sent: somebody else has it by then; NobodyError where nobody could.

    The reader is asked for anew: those before it in its batch may have taken minutes.
    """
    if row.recipient_id is not None:
        row.recipient = User.objects.get(pk=row.recipient_id)
    if not has_left(row):
        return
    said = pass_on([row], now)
    raise GoneError(said[row.pk]) if row.pk in said else NobodyError(_("Nobody is there to be told instead."))


@transaction.atomic
def hand_on(*, person: User, to: User | None, now: datetime) -> None:
    """All that waits for somebody who leaves, to his successor where he may see it, else to whoever stands in and may.

    What is being sent at this moment has left, or is asked about again before its next try.
    """
    held = Delivery.objects.unsent().exclude(state=DeliveryState.SENDING).filter(recipient=person)
    rows = list(held.select_for_update(of=("self",)).select_related("recipient").order_by("pk"))
    put_away(pass_on(rows, now, to))


def put_away(said: Mapping[int, str]) -> None:
    """What `pass_on` has answered, written onto the rows: they are not sent any more."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for key, words in said.items():
        alike[words].append(key)
    for words, keys in alike.items():
        Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.STOPPED, held="", last_error=words)


@transaction.atomic
def pass_on(rows: Sequence[Delivery], now: datetime, to: User | None = None) -> dict[int, str]:
    """Tell `to`, else whoever stands in, of these alerts and of those in their digests: each of what he may see (R31).

    Stands in: a deputy, else the managers of the team whose matter it is, the fallback team's, the administrators (R5).
    A repeat adds nothing. What is no alert, like a saved report, was for its reader alone. Returns, by the keys of the
    rows, why each is not sent to its reader; without those for which there is nobody.
    """
    told = _with_members(rows)
    readers = _Instead(told, now, to).readers(told)
    _write(told, readers, now)
    kept = {row.digest_id or row.pk for row in told if not readers[row.pk]}
    return {row.pk: _why(row, told, readers) for row in rows if row.pk not in kept}


def _with_members(rows: Sequence[Delivery]) -> list[Delivery]:
    """The alerts among them; of a digest each that it holds, by itself."""
    digests = {row.pk: row for row in rows if row.template == DIGEST}
    held = Delivery.objects.filter(digest__in=digests).select_related("recipient").order_by("pk") if digests else []
    return [row for row in (*rows, *held) if row.kind]


class _Instead:
    """Whoever reads in somebody's place; asked once for each team and person."""

    def __init__(self, rows: Sequence[Delivery], now: datetime, to: User | None) -> None:
        self._now, self._to = now, to
        self._owners = owners_of(rows) if rows else {}
        self._kept = [row for row in rows if row.pk in self._owners and self._owners[row.pk].is_restricted]
        self._closed = {row.pk for row in self._kept}
        self._teams = Team.objects.in_bulk({owner.team for owner in self._owners.values()})
        self._known: dict[tuple[str, int | None, int | None], Sequence[User]] = {}
        self._seen: dict[int, set[int]] = {}

    def readers(self, rows: Iterable[Delivery]) -> _Readers:
        return {row.pk: self._successor(row) or self._deputies(row) or self._managers(row) for row in rows}

    def _successor(self, row: Delivery) -> Sequence[User]:
        return [self._to] if self._to and self._hears(row, self._to) else []

    def _deputies(self, row: Delivery) -> Sequence[User]:
        people, hears = [row.recipient] if row.recipient else [], partial(self._hears, row)
        return self._once("deputy", row.recipient_id, row, lambda: present(people, self._now, hears))

    def _managers(self, row: Delivery) -> Sequence[User]:
        owner, hears = self._owners.get(row.pk), partial(self._hears, row)
        team = self._teams.get(owner.team) if owner else None
        return self._once("team", team.pk if team else None, row, lambda: managers_of(team, self._now, hears))

    def _hears(self, row: Delivery, person: User) -> bool:
        if row.pk not in self._closed:
            return True
        if person.pk not in self._seen:
            self._seen[person.pk] = seen_by(person, self._kept)
        return row.pk in self._seen[person.pk]

    def _once(self, by: str, whose: int | None, row: Delivery, ask: Callable[[], Sequence[User]]) -> Sequence[User]:
        """Of what is kept inside each row is asked about by itself: who sees one need not see the other."""
        key = (by, whose, row.pk if row.pk in self._closed else None)
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def _write(rows: Sequence[Delivery], readers: _Readers, now: datetime) -> None:
    pages = {one.dedupe_key: one for one in Alert.objects.filter(dedupe_key__in=[_key(row) for row in rows])}
    told = [(row, reader) for row in rows for reader in readers[row.pk]]
    insert(Alert, [_alert(row, pages.get(_key(row)), reader, now) for row, reader in told], unless_there=True)
    insert(Delivery, [_mail(row, reader, now) for row, reader in told], unless_there=True)
    if told:
        ring_on_commit()


def _key(row: Delivery, reader: User | None = None) -> str:
    """Under which the alert stands on its reader's page, or on another's: `actions.notify` makes it of both."""
    about = row.dedupe_key.rpartition(f":{row.recipient_id}:")[0]
    return f"{about}:{reader.pk if reader else row.recipient_id}"


def _alert(row: Delivery, page: Alert | None, reader: User, now: datetime) -> dict[str, Any]:
    """As its row. The words are those that were found for the first reader, in his language."""
    url = str(row.context.get("page_url", ""))
    return {
        "recipient_id": reader.pk,
        "kind": row.kind,
        "title": row.subject,
        "body": page.body if page else "",
        "path": page.path if page else url.removeprefix(settings.BASE_URL),
        "ticket_number": row.ticket_number,
        "escalation_number": row.escalation_number,
        "dedupe_key": _key(row, reader),
        "created_at": now,
    }


def _mail(row: Delivery, reader: User, now: datetime) -> dict[str, Any]:
    """As its row; routed like any other."""
    alike = ("subject", "template", "text", "thread_token", "kind", "severity", "ticket_number", "escalation_number")
    return {
        **{name: getattr(row, name) for name in alike},
        "recipient_id": reader.pk,
        "address": reader.email,
        "host": host_of(reader.email),
        "context": _context(row, reader),
        "state": DeliveryState.NEW,
        "next_try_at": now,
        "created_at": now,
        "dedupe_key": f"{_key(row, reader)}{MAIL_KEY}",
    }


def _context(row: Delivery, reader: User) -> dict[str, Any]:
    """It says whose place it is. A link that asks one person to decide opens for that person alone: not that one."""
    with translation.override(reader.language):
        instead = _("You are told in the place of %(name)s, who does not work here any more.") % {"name": row.recipient}
    page = {"action_url": row.context.get("page_url")} if row.kind == AlertKind.APPROVAL else {}
    why = f"{instead} {row.context.get('why', '')}".strip()
    return {**row.context, **page, "why": why, "language": reader.language}


def _why(row: Delivery, told: Sequence[Delivery], readers: _Readers) -> str:
    names = dict.fromkeys(
        str(reader) for one in told if row.pk in (one.pk, one.digest_id) for reader in readers[one.pk]
    )
    if not names:
        return _("Its reader does not work here any more.")
    words = _("Its reader does not work here any more; told instead: %(names)s.")
    return (words % {"names": ", ".join(names)})[:500]
