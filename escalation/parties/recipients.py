"""Who is told: the one place that answers it, for the count before and for the sending after."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from escalation.models import Escalation
from escalation.parties.customers import customers_of
from escalation.parties.stakeholders import stakeholders_of
from escalation.permissions import hearing_of, who_see
from people.chain import chain_of_command, hearing, managers_of, present
from people.models import User


class Recipient(NamedTuple):
    """A customer as an update needs him; `ticket_id` is his own about it, where there is one."""

    person_id: int
    name: str
    email: str
    language: str
    is_active: bool
    ticket_id: int | None

    @property
    def can_be_told(self) -> bool:
        return self.is_active and "@" in self.email


def customers(escalation: Escalation) -> list[Recipient]:
    """Whom it harms, the requester of its ticket first, each with his own ticket about it; nobody twice (R17, R35).

    One query, however many there are.
    """
    people = (f"person__{name}" for name in ("name", "email", "language", "is_active"))
    rows = customers_of(escalation).order_by("pk").values_list("person_id", *people, "ticket_id")
    return [Recipient(*row) for row in rows]


def stakeholders(escalation: Escalation, now: datetime) -> list[User]:
    """Those who work on it, the team that it came from, and whoever is told of its services and customers (R29).

    Of what a restricted team keeps to itself the latter hear only where they see it (R31).
    """
    team = escalation.team or escalation.ticket.team
    named = [team.lead if team else None, escalation.ticket.assignee, escalation.manager]
    hears = hearing_of(escalation)
    people = present([person for person in named if person is not None], now, hears) + managers_of(team, now, hears)
    if escalation.from_team is not None:
        people += managers_of(escalation.from_team, now, hears)
    people += hearing(stakeholders_of(escalation), now, hears)
    people += present((row.person for row in escalation.involvements.select_related("person")), now, hears)
    return list(dict.fromkeys(people))


def seniors(escalation: Escalation, now: datetime) -> list[User]:
    """Senior management: the chain of command above, nearest first, then the administrators (R14, R43).

    Whoever may not see the escalation is not among them: the summary says what is in it.
    """
    chain = chain_of_command(escalation.team or escalation.ticket.team, now, hearing_of(escalation))
    inside = set(who_see(escalation).values_list("pk", flat=True))
    return [person for person in dict.fromkeys([*chain, *User.objects.admins()]) if person.pk in inside]


def by_language(recipients: Sequence[Recipient]) -> dict[str, int]:
    """How many read it in which language, most first; those without an address are not among them."""
    return dict(Counter(one.language for one in recipients if one.can_be_told).most_common())
