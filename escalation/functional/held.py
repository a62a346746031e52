"""How long each team has held a ticket that was handed over, on the customer's own clock (R42)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.functional.sides import Move, Offer, Stay, stays
from escalation.models import HandOff
from people.models import Team
from sla.enums import Metric
from sla.explain import settled_account_of
from sla.models import Clock
from tickets.models import OwnerSpell, Ticket

# The promise to solve is what all sides of a hand-off work for; a desk that makes none has promised an answer at least.
_CUSTOMERS = (Metric.RESOLUTION, Metric.FIRST_RESPONSE)


@dataclass(frozen=True, slots=True)
class Held:
    """`stays` add up to `used`, which is what the clock itself has counted."""

    clock: Clock
    stays: list[Stay]
    teams: dict[int | None, Team]
    used: timedelta
    now_with: int | None


def held(ticket: Ticket, now: datetime) -> Held | None:
    """None where the customer was promised nothing that is counted. A handful of queries, however often it moved."""
    clock = _clock_of(ticket)
    if clock is None:
        return None
    account = settled_account_of(clock, now)
    found = stays(account.segments, _moves(ticket), _offers(ticket))
    teams = Team.objects.in_bulk([stay.team for stay in found if stay.team is not None])
    return Held(clock, found, {**teams}, account.used, ticket.team_id)


def _clock_of(ticket: Ticket) -> Clock | None:
    rows = Clock.objects.for_tickets([ticket.number]).filter(metric__in=_CUSTOMERS).order_by("cycle")
    newest = {clock.metric: clock for clock in rows}
    return next((newest[metric] for metric in _CUSTOMERS if metric in newest), None)


def _moves(ticket: Ticket) -> list[Move]:
    """By the contracts, and by the spells of the ticket, which know plain moves besides and have the last word."""
    contracts = HandOff.objects.filter(ticket=ticket).values_list("sent_at", "to_team", "returned_at", "from_team")
    moves = [Move(at, team) for sent, to, back, home in contracts for at, team in ((sent, to), (back, home)) if at]
    spells = OwnerSpell.objects.filter(ticket=ticket).order_by("pk").values_list("started_at", "team")
    return [*moves, *(Move(at, team) for at, team in spells)]


def _offers(ticket: Ticket) -> list[Offer]:
    rows = HandOff.objects.filter(ticket=ticket).values_list("sent_at", "accepted_at", "returned_at", "dropped_at")
    return [Offer(sent, accepted or returned or dropped) for sent, accepted, returned, dropped in rows]
