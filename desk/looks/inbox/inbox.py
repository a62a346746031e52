"""The inbox: which tickets, in which groups and order, and where its pages begin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from common.numbers import whole
from desk.looks.inbox.rows import RowLook, rows_of, tickets_of
from desk.looks.inbox.views import VIEWS
from people.models import Team, User
from tickets import first_page, queue
from tickets.models import SavedView, Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue import Group, Place
from tickets.saved import USUAL_COLUMNS, visible_views
from tickets.search import find, has_words, is_among_open
from tickets.tally import MOST, tally

PAGE = 50
SALT = "inbox"
# A page further on is seen from the first one's moment; after a night that is no longer what to do next.
OLD_AFTER = timedelta(hours=8)


class GroupWords(NamedTuple):
    icon: str
    words: Promise
    tone: str


GROUP_WORDS = {
    Group.PAST_DUE: GroupWords("alert-octagon", gettext_lazy("Past due"), "breach"),
    Group.HOUR: GroupWords("clock-exclamation", gettext_lazy("Due within the hour"), "warn"),
    Group.NEXT: GroupWords("list-check", gettext_lazy("Next"), ""),
    Group.PAUSED: GroupWords("player-pause", gettext_lazy("Paused, waiting on customer"), ""),
    Group.DONE: GroupWords("check", gettext_lazy("Solved and closed"), ""),
}
ORDERS = {
    queue.DO_NEXT: gettext_lazy("What to do next"),
    queue.DUE: gettext_lazy("Time left"),
    queue.NEWEST: gettext_lazy("Newest first"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; unknown words count as left out."""

    view: str = ""
    team: str = ""
    order: str = ""
    q: str = ""
    after: str = ""
    saved: SavedView | None = None

    @classmethod
    def from_query(cls, query: Any, user: User) -> "Asked":
        """A saved view gives what the address leaves open. One that is not there any more gives nothing."""
        saved = _saved(user, query.get("saved", ""))
        view = query.get("view", saved.base if saved else "")
        order = query.get("order", saved.order if saved else "")
        return cls(
            view=view if view in VIEWS else "",
            team=query.get("team", "")[:40],
            order=order if order in ORDERS else "",
            q=query.get("q", saved.query if saved else "").strip(),
            after=query.get("after", "")[:400],
            saved=saved,
        )

    def address(self, name: str = "desk:inbox", **changed: str) -> str:
        """The inbox as asked for, with something changed; what is as usual is left out of the address."""
        usual = self.saved
        wanted = {
            "saved": (str(usual.pk) if usual else "", ""),
            "view": (self.view, usual.base if usual else ""),
            "team": (self.team, ""),
            "order": (self.order, usual.order if usual else ""),
            "q": (self.q, usual.query if usual else ""),
            "after": (self.after, ""),
        }
        given = {key: (changed.get(key, value), as_usual) for key, (value, as_usual) in wanted.items()}
        # What a saved view has and the reader has taken out stands there empty.
        query = urlencode({key: value for key, (value, as_usual) in given.items() if value != as_usual})
        return reverse(name) + (f"?{query}" if query else "")

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.saved.columns) if self.saved else USUAL_COLUMNS

    @property
    def sorting(self) -> str:
        """Words are found newest first: their order by index is that of the numbers."""
        return queue.NEWEST if self.has_words else self.order

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for but the inbox, or a team's."""
        return not (self.view or self.q or self.order)

    @property
    def has_words(self) -> bool:
        """Whether the search has more than terms. Raises InvalidInput where it means nothing."""
        return bool(self.q) and has_words(self.q)

    @property
    def may_be_done(self) -> bool:
        """Whether tickets that are solved or closed may be among what is found. Raises InvalidInput as above."""
        return bool(self.q) and not is_among_open(self.q)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: behind a place in an order, seen from the moment of the first page."""

    order: str
    seen_at: datetime
    place: Place

    def __str__(self) -> str:
        due = self.place.due.isoformat() if self.place.due else ""
        return signing.dumps(
            [self.order, self.seen_at.isoformat(), self.place.segment, due, self.place.number], salt=SALT
        )

    @classmethod
    def read(cls, text: str, order: str, now: datetime) -> "Cursor | None":
        """None, which is the first page, for what is not ours, of another order, or of yesterday."""
        try:
            known, seen, segment, due, number = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        seen_at = parse_datetime(seen)
        if known != order or seen_at is None or not timedelta() <= now - seen_at <= OLD_AFTER:
            return None
        return cls(order, seen_at, Place(segment, parse_datetime(due) if due else None, number))


@dataclass(frozen=True, slots=True)
class GroupLook:
    icon: str
    words: str
    tone: str
    count: int
    rows: list[RowLook]


@dataclass(frozen=True, slots=True)
class InboxLook:
    """A page of rows. `total` and the groups' counts stop counting at `tally.MOST`; `next`: the next page's cursor."""

    groups: list[GroupLook] = field(default_factory=list)
    total: int = 0
    shown: int = 0
    next: str = ""
    order: str = ""
    has_words: bool = False
    seen_at: datetime | None = None


def inbox(user: User, asked: Asked, now: datetime) -> InboxLook:
    """The page asked for. Raises InvalidInput where the search text is wrong."""
    order = asked.sorting
    cursor = Cursor.read(asked.after, order, now) if asked.after else None
    seen_at = cursor.seen_at if cursor else now
    counts, places, total = _first(user, asked, now) if cursor is None else _further(user, asked, cursor, now)
    rows = placed_rows(places[:PAGE], order, seen_at, now, columns=asked.columns, query=asked.q)
    if order:
        groups = [GroupLook("arrows-sort", str(ORDERS[order]), "", total, rows)] if rows else []
    else:
        groups = [
            GroupLook(icon, str(words), tone, counts[group], list(members))
            for group, members in groupby(rows, key=lambda row: row.group)
            for icon, words, tone in [GROUP_WORDS[group]]
        ]
    more = str(Cursor(order, seen_at, places[PAGE - 1][0])) if len(places) > PAGE else ""
    return InboxLook(groups, total, len(rows), more, order, asked.has_words, seen_at)


_Found = tuple[dict[Group, int], queue.Placed, int]


def _first(user: User, asked: Asked, now: datetime) -> _Found:
    """What each group has, where there are groups; a page and one more; and how many there are in all."""
    order, done = asked.sorting, asked.may_be_done
    if asked.is_plain:
        counts = first_page.tallies(user, now, team=asked.team)
        places = first_page.places(user, now, counts, size=PAGE + 1, team=asked.team)
        return counts, places, sum(counts.values())
    found = found_by(user, asked, now)
    if order == queue.NEWEST:
        return {}, *queue.page_and_total(found, order, now=now, size=PAGE + 1, most=MOST + 1, done=done)
    counts = {} if order else queue.group_tallies(found, now, done=done)
    places = queue.page(found, order, now=now, size=PAGE + 1, counts=counts or None, done=done)
    return counts, places, tally(found) if order else sum(counts.values())


def _further(user: User, asked: Asked, cursor: Cursor, now: datetime) -> _Found:
    """The same from a place on."""
    found, order, done, seen_at = found_by(user, asked, now), cursor.order, asked.may_be_done, cursor.seen_at
    counts = {} if order else queue.group_tallies(found, seen_at, done=done)
    places = queue.page(found, order, now=seen_at, after=cursor.place, size=PAGE + 1, counts=counts or None, done=done)
    return counts, places, tally(found) if order else sum(counts.values())


def placed_rows(
    places: list[tuple[Place, Group]],
    order: str,
    seen_at: datetime,
    now: datetime,
    *,
    columns: Sequence[str] = (),
    query: str = "",
) -> list[RowLook]:
    standing = {place.number: (group, queue.sort_key(place, order)) for place, group in places}
    tickets = tickets_of(list(standing))
    return rows_of(((ticket, *standing[ticket.number]) for ticket in tickets), now, query=query, columns=columns)


def rows_again(user: User, asked: Asked, numbers: list[int], seen_at: datetime, now: datetime) -> list[RowLook]:
    """Some rows of a page as they are now, those that still belong to it, placed as its first look would."""
    known = found_by(user, asked, now).filter(pk__in=numbers).values_list("pk", flat=True)
    tickets = tickets_of(sorted(known))
    order = asked.sorting
    return rows_of(
        (
            (
                ticket,
                queue.group_of(ticket, seen_at),
                queue.sort_key(queue.place_of(ticket, order, seen_at), order),
            )
            for ticket in tickets
        ),
        now,
        query=asked.q,
        columns=asked.columns,
    )


def found_by(user: User, asked: Asked, now: datetime) -> TicketQuerySet:
    """The tickets that the view, the team and the search leave."""
    tickets = find(user, asked.q) if asked.q else Ticket.objects.visible_to(user).active()
    if asked.team:
        tickets = tickets.for_team(asked.team)
    return tickets.filter(VIEWS[asked.view].narrow(user, now))


def _saved(user: User, pk: str) -> SavedView | None:
    key = whole(pk)
    return visible_views(user).filter(pk=key).first() if key is not None else None


def team_named(slug: str) -> str:
    return Team.objects.filter(slug=slug).values_list("name", flat=True).first() or slug if slug else ""
