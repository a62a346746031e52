"""What is new on the timeline and among the alerts, and who may hear of it.

New rows are found by primary key: an index that exists, and an order that no advanced clock disturbs. Keys are given
out before a transaction commits, so a row may appear below one that was seen already; whoever reads looks back over
the last `OVERLAP` and remembers what it has told.

Rooms are told by their newest posts: those that were not among the newest at the last look.
Who is at a ticket and which replies are on their way leaves no such rows: what is there now is compared with what
was there at the last look. A page that asks by itself learns of it at its own next look.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max, Q

from chat.models import Post
from common import clock, heartbeat
from common.numbers import whole
from common.sealing import SealedElsewhereError, seal, unseal
from desk.rooms import visible_rooms
from escalation.models import Escalation
from notifications.models import Alert
from people.models import User
from tickets.enums import EventKind
from tickets.models import Draft, Event, Presence, Ticket
from tickets.presence import STALE
from visits.models import Visit

OVERLAP = timedelta(seconds=10)
# How many keys below the newest may still belong to a transaction that has not committed.
IN_FLIGHT = 500
LIMIT = 5_000
NEWEST_POSTS = 200
# Of a sealed cursor, in characters; and what tells it from all else that is sealed here.
LONGEST = 200
_SEALED = "live "

# A customer hears only of what changes his own page. Notes, clocks and alerts are no business of his.
PUBLIC_KINDS = frozenset(
    {
        EventKind.OPENED,
        EventKind.ROUTED,
        EventKind.ASSIGNED,
        EventKind.REPLIED,
        EventKind.AUTO_REPLIED,
        EventKind.CUSTOMER_WROTE,
        EventKind.STATUS,
        EventKind.MERGED,
    }
)


class Cursor(NamedTuple):
    """How far somebody has read: the newest event and the newest alert.

    Both count what happens on the whole desk, so they leave the house sealed, another way each time: neither a
    customer nor a visitor of a chat learns from two of them how much went on in between, nor whether anything did.
    """

    events: int = 0
    alerts: int = 0

    def __str__(self) -> str:
        return seal(f"{_SEALED}{self.events}-{self.alerts}")

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for what this desk has not sealed as one."""
        try:
            said = unseal(text) if len(text) <= LONGEST else ""
        except SealedElsewhereError:
            return None
        events, _, alerts = said.removeprefix(_SEALED).partition("-")
        newest = (whole(events), whole(alerts))
        if not said.startswith(_SEALED) or newest[0] is None or newest[1] is None:
            return None
        return cls(newest[0], newest[1])


class NewEvent(NamedTuple):
    pk: int
    ticket: int
    kind: str
    reference: str


class NewAlert(NamedTuple):
    pk: int
    recipient: int


@dataclass(frozen=True, slots=True)
class News:
    """What came since the last look, for whomever."""

    events: Sequence[NewEvent]
    alerts: Sequence[NewAlert]
    cursor: Cursor
    engine: datetime | None
    present: frozenset[int] = frozenset()
    pending: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.events or self.alerts or self.present or self.pending or self.rooms)


@dataclass(frozen=True, slots=True)
class Change:
    """The part of the news that one person may hear. `present`: tickets at which somebody came, went or writes."""

    tickets: frozenset[int] = frozenset()
    escalations: frozenset[int] = frozenset()
    alerts: bool = False
    present: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.tickets or self.escalations or self.alerts or self.present or self.rooms)

    def __or__(self, other: "Change") -> "Change":
        return Change(
            self.tickets | other.tickets,
            self.escalations | other.escalations,
            self.alerts or other.alerts,
            self.present | other.present,
            self.rooms | other.rooms,
        )


class Reader:
    """Reads on from where it stands, tells each row once; one per process, whatever the number of streams.

    `at` is a monotonic reading in seconds. Begins at the newest row: what is older was on the page already.
    """

    def __init__(self, at: float) -> None:
        newest = newest_cursor()
        floor = Cursor(max(0, newest.events - IN_FLIGHT), max(0, newest.alerts - IN_FLIGHT))
        self.cursor = newest
        self._marks: deque[tuple[float, Cursor]] = deque([(at, floor)])
        self._told_events = {event.pk for event in _events_after(floor.events)}
        self._told_alerts = {alert.pk for alert in _alerts_after(floor.alerts)}
        self._people, self._replies = _there_now(), _replies_now()
        self._posts = _newest_posts()

    def read(self, at: float) -> News:
        floor = self._floor(at)
        events = _events_after(floor.events)
        alerts = _alerts_after(floor.alerts)
        fresh_events = [event for event in events if event.pk not in self._told_events]
        fresh_alerts = [alert for alert in alerts if alert.pk not in self._told_alerts]
        # What lies below the floor is not read again, so it need not be remembered.
        self._told_events = {event.pk for event in events}
        self._told_alerts = {alert.pk for alert in alerts}
        self.cursor = Cursor(
            max([self.cursor.events, *(event.pk for event in fresh_events)]),
            max([self.cursor.alerts, *(alert.pk for alert in fresh_alerts)]),
        )
        self._marks.append((at, self.cursor))
        people, replies = _there_now(), _replies_now()
        present, pending = _firsts(people ^ self._people), _firsts(replies ^ self._replies)
        self._people, self._replies = people, replies
        posts, told = _newest_posts(), self._posts
        self._posts = posts
        rooms = _firsts(posts - told)
        return News(fresh_events, fresh_alerts, self.cursor, engine_ran_at(), present, pending, rooms)

    def _floor(self, at: float) -> Cursor:
        """Where the reader stood `OVERLAP` ago."""
        while len(self._marks) > 1 and self._marks[1][0] <= at - OVERLAP.total_seconds():
            self._marks.popleft()
        return self._marks[0][1]


def news_since(since: Cursor | None, *, now: datetime) -> News:
    """For a page that asks by itself and keeps nothing but its cursor: the overlap is told again, which is harmless.

    Without a cursor only the overlap: what happened between the making of a page and its first question.
    """
    newest = newest_cursor()
    recent = now - OVERLAP
    new_events, new_alerts = Q(at__gte=recent), Q(created_at__gte=recent)
    if since is not None:
        new_events |= Q(pk__gt=since.events)
        new_alerts |= Q(pk__gt=since.alerts)
    events = Event.objects.filter(new_events).order_by("-pk").values_list("pk", "ticket_id", "kind", "reference")
    alerts = Alert.objects.filter(new_alerts).order_by("-pk").values_list("pk", "recipient_id")
    return News(
        [NewEvent(*row) for row in events[:LIMIT]],
        [NewAlert(*row) for row in alerts[:LIMIT]],
        newest,
        engine_ran_at(),
        rooms=_firsts(Post.objects.filter(at__gte=recent).order_by("-pk").values_list("room_id")[:NEWEST_POSTS]),
    )


def for_people(users: Iterable[User], news: News) -> dict[int, Change]:
    """By person: what each may hear of the news. Two queries a person at most, none where there is nothing to hear."""
    return {user.pk: for_person(user, news) for user in users}


def for_person(user: User, news: News) -> Change:
    events = [event for event in news.events if user.is_agent or event.kind in PUBLIC_KINDS]
    # Both are the desk's own business, never a customer's.
    present, pending = (news.present, news.pending) if user.is_agent else (frozenset[int](), frozenset[int]())
    changed = {event.ticket for event in events} | pending
    seen = _visible(user, changed | present)
    visible = seen & changed
    named = {number: event.ticket for event in events if user.is_agent and (number := _escalation(event.reference))}
    beyond = {number for number, ticket in named.items() if ticket not in visible}
    rooms = visible_rooms(user, news.rooms)
    return Change(
        tickets=visible,
        present=seen & present,
        rooms=frozenset(room.pk for room in rooms),
        escalations=frozenset(named.keys() - beyond)
        | _called_to(user, beyond)
        | {number for room in rooms if (number := _escalation(room.subject))},
        alerts=user.is_active and any(alert.recipient == user.pk for alert in news.alerts),
    )


def for_guest(ticket: int, news: News) -> Change:
    """What whoever chats about this one ticket may hear: that something public has happened on it."""
    is_told = any(event.ticket == ticket and event.kind in PUBLIC_KINDS for event in news.events)
    return Change(tickets=frozenset({ticket})) if is_told else Change()


def newest_cursor() -> Cursor:
    events = Event.objects.aggregate(newest=Max("pk"))["newest"]
    alerts = Alert.objects.aggregate(newest=Max("pk"))["newest"]
    return Cursor(events or 0, alerts or 0)


def engine_ran_at() -> datetime | None:
    """When the sweep last completed a round, so that a page notices a dead engine."""
    return heartbeat.last("sweep")


def _events_after(pk: int) -> list[NewEvent]:
    rows = Event.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "ticket_id", "kind", "reference")
    return [NewEvent(*row) for row in rows[:LIMIT]]


def _alerts_after(pk: int) -> list[NewAlert]:
    rows = Alert.objects.filter(pk__gt=pk).order_by("pk").values_list("pk", "recipient_id")
    return [NewAlert(*row) for row in rows[:LIMIT]]


def _there_now() -> set[tuple[int, int, str]]:
    """Ticket, person, and what he writes, of everybody who is at a ticket; of visitors since when he types what."""
    now = clock.now()
    recent = Presence.objects.filter(seen_at__gt=now - STALE)
    people = set(recent.values_list("ticket_id", "user_id", "writing")[:LIMIT])
    visits = Visit.objects.here(now).values_list("ticket_id", "draft_at")[:LIMIT]
    return people | {(ticket, 0, str(draft_at)) for ticket, draft_at in visits}


def _replies_now() -> set[tuple[int, int]]:
    """Ticket and key of the replies on their way."""
    return set(Draft.objects.on_their_way().values_list("ticket_id", "pk")[:LIMIT])


def _newest_posts() -> set[tuple[int, int]]:
    """Room and key of the last posts; one that is committed late is told when it appears among them."""
    return set(Post.objects.order_by("-pk").values_list("room_id", "pk")[:NEWEST_POSTS])


def _firsts(rows: Iterable[tuple[Any, ...]]) -> frozenset[int]:
    return frozenset(row[0] for row in rows)


def _visible(user: User, numbers: set[int]) -> frozenset[int]:
    if not numbers:
        return frozenset()
    # An agent's lists learn that a ticket was put away; its page is gone for him like for everybody.
    sight = Ticket.objects.in_sight_of(user) if user.is_agent else Ticket.objects.visible_to(user)
    found = sight.filter(number__in=numbers).order_by()
    return frozenset(found.values_list("number", flat=True))


def _called_to(user: User, numbers: set[int]) -> frozenset[int]:
    """Of escalations on tickets that he does not see, those that he sees for himself; asked where there are any."""
    if not numbers:
        return frozenset()
    found = Escalation.objects.visible_to(user).filter(number__in=numbers).order_by()
    return frozenset(found.values_list("number", flat=True))


def _escalation(reference: str) -> int | None:
    """The number in “E-207”."""
    prefix, _, number = reference.partition("-")
    return whole(number) if prefix == "E" else None
