"""The list from which a reader came to a ticket: where in it the ticket stands, and what stands before and behind it.

The address says it all: what the inbox was asked for (`Asked`), and `at`, the place at which that list had the ticket
and the moment from which it was seen. So the next one is the next of the list, whatever has become of this one
meanwhile, and a walk along the list's own index finds it. A form of the ticket's page leads back with the same
words: its Referer is that page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict

from common.addresses import taken_apart
from common.errors import InvalidInput
from desk.looks.addresses import address
from desk.looks.inbox.inbox import OLD_AFTER, Asked, found_by
from desk.looks.inbox.views import VIEWS
from people.models import User
from tickets import queue
from tickets.models import Ticket
from tickets.queue import Place
from tickets.tally import MOST, tally

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WORDS = ("saved", "view", "team", "order", "q", "at")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a list as an address says it: segment, due time and the moment of the list, in microseconds."""

    segment: int
    due: datetime | None
    seen_at: datetime

    def __str__(self) -> str:
        due = "" if self.due is None else (self.due - EPOCH) // MICROSECOND
        return f"{self.segment}.{due}.{(self.seen_at - EPOCH) // MICROSECOND}"

    @classmethod
    def read(cls, text: str, order: str, now: datetime) -> "Spot | None":
        """None for what no list has written, and for a list of yesterday."""
        try:
            segment, due, seen = (int(part) if part else None for part in text[:LONGEST].split("."))
            if segment is None or seen is None:
                return None
            spot = cls(segment, None if due is None else EPOCH + due * MICROSECOND, EPOCH + seen * MICROSECOND)
        except (ValueError, OverflowError):
            return None
        is_fresh = timedelta() <= now - spot.seen_at <= OLD_AFTER
        return spot if is_fresh and queue.is_place(spot.of(0), order) else None

    def of(self, number: int) -> Place:
        return Place(self.segment, self.due, number)


@dataclass(frozen=True, slots=True)
class Trail:
    """What the rows of a list put behind the addresses of their tickets."""

    words: str
    seen_at: datetime

    def behind(self, place: str) -> str:
        """`place` is the text by which the row is sorted (`queue.sort_key`)."""
        segment, due = int(place[:2]), place[3:-20]
        return self.to(Place(segment, datetime.fromisoformat(due) if due else None, 0))

    def to(self, place: Place) -> str:
        at = urlencode({"at": Spot(place.segment, place.due, self.seen_at)})
        return f"?{self.words}&{at}" if self.words else f"?{at}"


@dataclass(frozen=True, slots=True)
class ListLook:
    """`position` is None where the ticket has moved since; it and `total` stop counting at `tally.MOST`."""

    title: str
    url: str
    position: int | None
    total: int
    before: str
    behind: str


def trail(asked: Asked, seen_at: datetime | None) -> Trail | None:
    if seen_at is None:
        return None
    return Trail(urlsplit(asked.address(after="")).query, seen_at)


def came_by(request: HttpRequest, number: int) -> dict[str, str]:
    """The list's words in the address, or in that of the ticket's page that sent a form, follows or opened a dialog."""
    query: QueryDict = request.GET
    here = address("desk:ticket", number)
    if "at" not in query and (request.method == "POST" or request.headers.get("HX-Request") or request.path != here):
        page = taken_apart(request.headers.get("Referer", ""))
        query = QueryDict(page.query if page.path == here else "")
    return {word: str(query[word]) for word in WORDS if word in query} if "at" in query else {}


def again(request: HttpRequest, number: int, **more: str) -> str:
    """The ticket's page, in the list from which the reader came."""
    return onward(request, number, number, **more)


def onward(request: HttpRequest, number: int, to: int, **more: str) -> str:
    """Another ticket's page, in the list from which the reader came to `number`, for what is merged or split."""
    return address("desk:ticket", to) + kept(request, number, **more)


def kept(request: HttpRequest, number: int, **more: str) -> str:
    """What a dialog puts behind the address of its own form, so that the list outlives a page without script."""
    query = urlencode(came_by(request, number) | more)
    return f"?{query}" if query else ""


def neighbours(request: HttpRequest, user: User, ticket: Ticket, now: datetime) -> ListLook | None:
    """None for whoever did not come from a list. Three queries, each bounded, and those of the list's own words."""
    words = came_by(request, ticket.number)
    if not words:
        return None
    asked = Asked.from_query(words, user)
    try:
        return _neighbours(user, asked, words["at"], ticket, now)
    except InvalidInput:
        return None


def _neighbours(user: User, asked: Asked, at: str, ticket: Ticket, now: datetime) -> ListLook:
    order = asked.sorting
    spot = Spot.read(at, order, now)
    seen_at = spot.seen_at if spot else now
    stands = queue.place_of(ticket, order, seen_at)
    place = spot.of(ticket.number) if spot else stands
    found = found_by(user, asked, now)
    done = asked.may_be_done
    counts = queue.group_tallies(found, seen_at, done=done) if order == queue.DO_NEXT else None
    # Newest first, the walk that finds the next one goes on to count, as in the inbox.
    size = MOST + 1 if order == queue.NEWEST else 1
    before = queue.page(found, order, now=seen_at, after=place, size=MOST + 1, counts=counts, done=done, back=True)
    behind = queue.page(found, order, now=seen_at, after=place, size=size, counts=counts, done=done)
    if counts is not None:
        total = sum(counts.values())
    else:
        total = len(before) + 1 + len(behind) if order == queue.NEWEST else tally(found)
    way = Trail(urlsplit(asked.address(after="")).query, seen_at)
    ends = [address("desk:ticket", one[0][0].number) + way.to(one[0][0]) if one else "" for one in (before, behind)]
    return ListLook(
        title=asked.saved.name if asked.saved else str(VIEWS[asked.view].words),
        url=asked.address(after=""),
        position=len(before) + 1 if stands == place else None,
        total=total,
        before=ends[0],
        behind=ends[1],
    )
