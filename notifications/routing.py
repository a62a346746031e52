"""How an alert reaches its reader: which ways, now or after the quiet hours, by itself or in a digest.

`actions.notify` writes an alert's mail in the transaction of what it tells, and asks nothing. Here, before anything is
sent, the wishes of its readers are asked for hundreds of alerts at a time, and there is exactly one row for each alert,
person and way; a row leaves the state NEW once. One process routes at a time, so that a flood is counted right.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import ngettext

from common.failpoints import Point, reach
from common.identity import desk_name
from common.setbacks import PASSING
from notifications import passing
from notifications.actions import MAIL_KEY
from notifications.enums import Channel, DeliveryState, Held
from notifications.models import Delivery, Endpoint, Preferences, Way
from notifications.quiet import Wishes, held_until
from notifications.rendering import DIGEST
from notifications.withholding import WITHHELD, Owner, owners_of
from people.zones import zone_of

logger = logging.getLogger(__name__)

BATCH = 500
# Any number that no other advisory lock has.
LOCK = 7_201_644
# Person, channel, way: who is flooded by what.
_Line = tuple[int, str, int | None]


def route(now: datetime) -> int:
    """A batch; returns how many alerts were routed."""
    with transaction.atomic():
        if not _is_alone():
            return 0
        rows = list(Delivery.objects.unrouted(now).select_for_update(of=("self",)).select_related("recipient")[:BATCH])
        if rows:
            _route_all([row.pk for row in rows], rows, now)
            reach(Point.BEFORE_COMMIT)
    return len(rows)


def _route_all(keys: Sequence[int], rows: Sequence[Delivery], now: datetime) -> None:
    """Together, else one by one: whose wishes cannot be read is mailed at once, and holds up nobody (DESIGN §3.5)."""
    try:
        with transaction.atomic():
            _route(rows, now)
            return
    except PASSING:
        raise
    except Exception:
        logger.exception("%d alerts could not be routed together.", len(keys))
    for key in keys if len(keys) > 1 else ():
        _route_all([key], list(Delivery.objects.filter(pk=key).select_related("recipient")), now)
    if len(keys) == 1:
        Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.WAITING)


@dataclass(slots=True)
class _Readers:
    """What is known of the readers of a batch: a handful of queries."""

    wishes: dict[int, Preferences]
    ways: dict[int, list[Way]]
    endpoints: list[Endpoint]
    singles: dict[_Line, list[datetime]]
    digests: dict[_Line, Delivery]
    grown: set[int] = field(default_factory=set)


def _is_alone() -> bool:
    """SQLite's transactions write one after the other anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _route(rows: Sequence[Delivery], now: datetime) -> None:
    left = passing.pass_on([row for row in rows if passing.has_left(row)], now)
    passing.put_away(left)
    rows = [row for row in rows if row.pk not in left]
    readers = _readers(rows, now)
    made: list[Delivery] = []
    for row in rows:
        made += _copies(row, readers)
    made += _calls(rows, readers.endpoints)
    for row in (*rows, *made):
        _plan(row, readers, now)
    _write(rows)
    wanted = [row for row in made if row.state != DeliveryState.UNWANTED]
    Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
    _name_digests(readers.grown)


def _write(rows: Sequence[Delivery]) -> None:
    """A statement for each outcome, of which there are few."""
    alike: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.state, row.held, row.planned_at, row.digest_id, row.next_try_at if row.held else None].append(row.pk)
    for (state, held, planned_at, digest, next_try_at), keys in alike.items():
        moment = {"next_try_at": next_try_at} if next_try_at else {}
        Delivery.objects.filter(pk__in=keys).update(
            state=state, held=held, planned_at=planned_at, digest=digest, **moment
        )


def _readers(rows: Iterable[Delivery], now: datetime) -> _Readers:
    people = {row.recipient_id for row in rows if row.recipient_id}
    wishes = Preferences.objects.filter(person__in=people).prefetch_related("calendar__versions")
    ways: defaultdict[int, list[Way]] = defaultdict(list)
    for way in Way.objects.filter(person__in=people, verified_at__isnull=False, broken_at=None):
        ways[way.person_id].append(way)
    # As far back as anybody's measure goes, and what is planned for the end of quiet hours.
    recent = Delivery.objects.filter(recipient__in=people, planned_at__gt=now - timedelta(days=1))
    singles: defaultdict[_Line, list[datetime]] = defaultdict(list)
    for person, channel, way_id, at in recent.values_list("recipient", "channel", "way", "planned_at"):
        singles[person, channel, way_id].append(at or now)
    # Locked: none of them is claimed while something is added to it.
    open_digests = Delivery.objects.select_for_update().filter(
        recipient__in=people, template=DIGEST, state=DeliveryState.WAITING, attempts=0
    )
    return _Readers(
        wishes={one.person_id: one for one in wishes},
        ways=ways,
        endpoints=list(Endpoint.objects.enabled().prefetch_related("teams")),
        singles=singles,
        digests={(one.recipient_id or 0, one.channel, one.way_id): one for one in open_digests},
    )


def _copies(row: Delivery, readers: _Readers) -> list[Delivery]:
    """The same alert by its reader's other ways."""
    ways = readers.ways.get(row.recipient_id or 0, [])
    return [
        _like(row, channel=way.channel, way=way, address=way.label[:254], host=way.channel, key=f":way:{way.pk}")
        for way in ways
        if way.channel != Channel.EMAIL
    ]


def _calls(rows: Sequence[Delivery], endpoints: Sequence[Endpoint]) -> list[Delivery]:
    """One call for each thing that was told, to however many people it was."""
    told: dict[str, Delivery] = {}
    for row in rows:
        told.setdefault(_about(row), row)
    owners = owners_of(list(told.values())) if endpoints else {}
    return [
        _like(
            row,
            channel=Channel.WEBHOOK,
            endpoint=endpoint,
            recipient=None,
            address=endpoint.name,
            host=f"hook:{endpoint.pk}",
            dedupe_key=f"{about}:hook:{endpoint.pk}",
            context=_context(row, endpoint, owners.get(row.pk)),
        )
        for about, row in told.items()
        for endpoint in endpoints
        if row.kind in endpoint.kinds and endpoint.hears_at(row.severity) and _is_heard_of(owners.get(row.pk), endpoint)
    ]


def _is_heard_of(owner: Owner | None, endpoint: Endpoint) -> bool:
    """Where teams are ticked, of these alone; what is no team's matter is theirs neither."""
    ticked = _ticked(endpoint)
    return not ticked or (owner is not None and owner.team in ticked)


def _context(row: Delivery, endpoint: Endpoint, owner: Owner | None) -> dict[str, Any]:
    """Of what a team keeps to itself the words go only where that team is ticked."""
    is_told = owner is None or not owner.is_restricted or owner.team in _ticked(endpoint)
    return {**row.context, **({} if is_told else {WITHHELD: True})}


def _ticked(endpoint: Endpoint) -> set[int]:
    return {team.pk for team in endpoint.teams.all()}


def _about(row: Delivery) -> str:
    """The key under which the alert was told: without its reader and its way."""
    return row.dedupe_key.removesuffix(MAIL_KEY).rpartition(":")[0]


def _like(row: Delivery, *, key: str = "", **other: Any) -> Delivery:
    alike = ("recipient", "subject", "template", "context", "kind", "severity", "ticket_number", "escalation_number")
    values = {name: getattr(row, name) for name in (*alike, "next_try_at", "created_at")}
    dedupe = row.dedupe_key.removesuffix(MAIL_KEY) + key
    return Delivery(**{**values, "dedupe_key": dedupe, "state": DeliveryState.NEW, **other})


def _plan(row: Delivery, readers: _Readers, now: datetime) -> None:
    """Now, after the quiet, in a digest, or not at all."""
    row.state = DeliveryState.WAITING
    person = row.recipient
    if person is None:
        return
    wish = readers.wishes.get(person.pk) or Preferences(person=person)
    if f"{row.kind}:{row.channel}" in wish.off:
        row.state = DeliveryState.UNWANTED
        return
    if row.severity is not None and row.severity <= wish.breaks_through:
        return
    until = held_until(wishes_of(wish, person.time_zone), now)
    planned = until or now
    line = (person.pk, row.channel, row.way_id)
    if _is_flooded(readers.singles.get(line, ()), planned, wish):
        _merge(row, line, readers, until or now + timedelta(minutes=wish.digest_minutes))
        return
    readers.singles.setdefault(line, []).append(planned)
    row.planned_at = planned
    if until:
        row.held, row.next_try_at = Held.QUIET, until


def wishes_of(wish: Preferences, zone: str) -> Wishes:
    """As `quiet` asks of them; its calendar with its versions is at hand where it is about many."""
    quiet = (wish.quiet_from, wish.quiet_until) if wish.quiet_from and wish.quiet_until else None
    hours = wish.calendar.current.work_calendar().next_open if wish.calendar else None
    return Wishes(zone_of(zone), quiet, hours)


def _is_flooded(singles: Sequence[datetime], planned: datetime, wish: Preferences) -> bool:
    if not wish.digest_above:
        return False
    since = planned - timedelta(minutes=wish.digest_minutes)
    return sum(since < at <= planned for at in singles) >= wish.digest_above


def _merge(row: Delivery, line: _Line, readers: _Readers, due: datetime) -> None:
    """Into the digest that is being collected for this line, or a new one."""
    digest = readers.digests.get(line)
    if digest is None:
        digest = _like(
            row,
            channel=row.channel,
            way=row.way,
            address=row.address,
            host=row.host,
            template=DIGEST,
            kind="",
            severity=None,
            ticket_number=None,
            escalation_number=None,
            held=Held.DIGEST,
            state=DeliveryState.WAITING,
            next_try_at=due,
            dedupe_key=f"digest:{row.dedupe_key}"[:200],
            context={"language": row.context.get("language", "en"), "desk_name": desk_name()},
        )
        digest.save(force_insert=True)
        readers.digests[line] = digest
    row.state, row.digest = DeliveryState.MERGED, digest
    readers.grown.add(digest.pk)


def _name_digests(keys: set[int]) -> None:
    counted = Delivery.objects.filter(digest__in=keys).order_by().values_list("digest").annotate(Count("pk"))
    counts: Counter[int] = Counter(dict(counted))
    digests = list(Delivery.objects.filter(pk__in=keys))
    for digest in digests:
        count = counts[digest.pk]
        with translation.override(digest.context["language"]):
            words = ngettext("%(n)d more alert", "%(n)d more alerts", count)
            digest.subject = f"{desk_name()}: {words % {'n': count}}"
    Delivery.objects.bulk_update(digests, ["subject"])
