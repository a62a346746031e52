"""What mails are judged by when they are filed: asked once for all that are filed together, and kept up as they are.

So the second mail of one sender finds what the first one did, though nothing is committed yet.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count

from mailroom import blocking, threads
from mailroom.actions import asked_lately
from mailroom.letterheads import Style, style_of
from mailroom.models import DeliveryFailure, RawMessage
from mailroom.parse import ParsedMail
from mailroom.threads import Talk
from people.actions import find_or_create_customer
from people.models import Team, User

LATELY = timedelta(hours=1)


@dataclass(slots=True)
class Known:
    """Addresses are in small letters."""

    own: frozenset[str]
    blocked: frozenset[str]
    people: dict[str, User]
    # Of each sender, what was filed within the last hour: how many mails on which ticket.
    recent: defaultdict[str, Counter[int | None]]
    failing: set[str]
    # How many tickets a customer, by his key, has opened within each of the spans that `RECEIPTS` names.
    asked: defaultdict[int, list[int]]
    talks: dict[int, Talk]
    _styles: dict[int, Style] = field(default_factory=dict)

    def is_own(self, address: str) -> bool:
        return threads.is_one_of(self.own, address)

    def blocked_by(self, address: str) -> str:
        """The pattern that blocks this sender, or nothing."""
        return next((pattern for pattern in blocking.patterns_for(address) if pattern in self.blocked), "")

    def count(self, sender: str, number: int | None) -> None:
        """One more mail of his is filed."""
        self.recent[sender][number] += 1

    def customer(self, parsed: ParsedMail) -> User:
        """The sender; a new one becomes a customer."""
        found = self.people.get(parsed.sender)
        if found is None:
            found = find_or_create_customer(email=parsed.sender, name=parsed.sender_name)
            self.people[parsed.sender] = found
        return found

    def style(self, team: Team | None) -> Style:
        if team is None:
            return Style()
        if team.pk not in self._styles:
            self._styles[team.pk] = style_of(team)
        return self._styles[team.pk]


def known_of(mails: Iterable[ParsedMail], *, now: datetime) -> Known:
    """Ten queries at most, however many mails they are."""
    mails = list(mails)
    senders = {mail.sender for mail in mails}
    by_address = User.objects.get_queryset().select_related("organisation").by_address(senders)
    recent: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
    filed = RawMessage.objects.filed_since_by(senders, now - LATELY).values_list("sender", "ticket_number")
    for sender, number, count in filed.annotate(Count("pk")).order_by():
        recent[sender][number] = count
    return Known(
        own=threads.own_addresses(),
        blocked=blocking.blocked_among(senders),
        people=by_address,
        recent=recent,
        failing=set(DeliveryFailure.objects.open().filter(address__in=senders).values_list("address", flat=True)),
        asked=asked_lately([person.pk for person in by_address.values()], now),
        talks=threads.talks_in(mails),
    )
