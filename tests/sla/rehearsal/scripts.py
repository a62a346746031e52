"""A desk's days as a list of deeds, the same each time they are played."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db.models import Min

from calendars.actions import create_calendar
from calendars.models import Calendar
from common.errors import NotAllowedNow
from people.enums import Role
from people.models import Team, User
from sla.enums import Metric
from sla.models import Clock
from sla.rehearsal.comparing import Outcome
from sla.sweep import collect
from tests.factories.people import make_organisation, make_team, make_user
from tickets import actions, labelling, merging
from tickets.enums import Priority
from tickets.models import Ticket

HOUR = 3600
# A step, and behind the colon what is waited for.
VERBS = ("wait", "wait:agreed_date", "hold", "hold:planned_work", "resume", "resume", "solve", "reopen", "close")
DEEDS = (
    *("reply", "reply", "answer", "answer", *VERBS),
    *("priority", "priority", "move", "tag", "untag", "sweep", "merge"),
)


class Desk:
    """Who works here and who writes; made once for each database."""

    def __init__(self, at: datetime) -> None:
        self.anna = make_user("Anna Lindqvist")
        mona = make_user("Mona Farias", Role.MANAGER)
        self.teams: list[Team] = [
            make_team("Payments", lead=self.anna, managers=[mona], members=[self.anna], is_fallback=True),
            make_team("Risk", lead=self.anna, managers=[mona], members=[self.anna]),
        ]
        gold = make_organisation("Gold Books", tier="enterprise")
        self.customers: list[User] = [
            make_user("Cora Menezes", Role.CUSTOMER, organisation=gold),
            make_user("Stan Strange", Role.CUSTOMER),
        ]
        self.office: Calendar = create_calendar(
            name="Office",
            time_zone="America/Sao_Paulo",
            periods=[
                {"weekday": day, "start": start, "end": end}
                for day in range(5)
                for start, end in (("09:00", "12:00"), ("13:00", "18:00"))
            ],
            holidays=[{"date": "2026-11-20", "name": "Consciência Negra"}],
            now=at,
        )

    def play(self, seed: int, at: datetime, *, tickets: int, steps: int, deeds: Sequence[str] = DEEDS) -> datetime:
        """Returns when it ended. What the desk refuses is refused, and the day goes on.

        The engine runs at every moment at which something is due, as on the desk it does every two seconds.
        """
        chance = Random(seed)
        numbers: list[int] = []
        for _step in range(steps):
            at += timedelta(seconds=chance.randrange(60, 5 * HOUR), microseconds=chance.randrange(1_000_000))
            _sweep_until(at)
            if len(numbers) < tickets and (not numbers or chance.random() < 0.2):
                requester = chance.choice(self.customers)
                priority = chance.choice(Priority.values)
                made = actions.open_ticket(
                    subject="Payouts", body="So.", requester=requester, priority=priority, now=at
                )
                numbers.append(made.number)
                continue
            deed, number = chance.choice(deeds), chance.choice(numbers)
            other, priority, team = chance.choice(numbers), chance.choice(Priority.values), chance.choice(self.teams)
            try:
                self._do(deed, Ticket.objects.get(pk=number), at, Ticket.objects.get(pk=other), priority, team)
            except NotAllowedNow:
                continue
        _sweep_until(at)
        return at

    def _do(self, deed: str, ticket: Ticket, at: datetime, other: Ticket, priority: str, team: Team) -> None:
        deeds: dict[str, Callable[[], object]] = {
            "reply": lambda: actions.reply(ticket=ticket, author=self.anna, body="Yes.", now=at),
            "answer": lambda: actions.customer_wrote(ticket=ticket, author=ticket.requester, body="And?", now=at),
            "priority": lambda: actions.set_priority(ticket=ticket, priority=priority, now=at, by=self.anna),
            "move": lambda: actions.assign(ticket=ticket, team=team, now=at, by=self.anna),
            "tag": lambda: labelling.add_tag(ticket=ticket, name="vip", now=at, by=self.anna),
            "untag": lambda: labelling.remove_tag(ticket=ticket, name="vip", now=at, by=self.anna),
            "sweep": lambda: collect(at),
            "merge": lambda: merging.merge(source=ticket, target=other, now=at, by=self.anna),
        }
        if deed in VERBS:
            verb, _colon, waits_for = deed.partition(":")
            actions.change_status(ticket=ticket, verb=verb, waits_for=waits_for, now=at, by=self.anna)
        else:
            deeds[deed]()


def _sweep_until(at: datetime) -> None:
    while moment := Clock.every.filter(next_moment__lte=at).aggregate(first=Min("next_moment"))["first"]:
        collect(moment)


def targets(first: int, next_: int, update: int, resolution: int) -> list[dict]:
    """Hours by metric; twice as long for each lower priority, 0 is no promise."""
    hours = {
        Metric.FIRST_RESPONSE: first,
        Metric.NEXT_RESPONSE: next_,
        Metric.PERIODIC_UPDATE: update,
        Metric.RESOLUTION: resolution,
    }
    factors = {"urgent": 1, "high": 2, "normal": 4, "low": 8}
    return [
        {"metric": metric, "priority": priority, "seconds": given * factor * HOUR, "thresholds": [75]}
        for metric, given in hours.items()
        for priority, factor in factors.items()
        if given
    ]


def between_teams(payments: int, risk: int) -> list[dict]:
    """Hours that each may hold a ticket, twice as many for each lower priority; nothing for the lowest."""
    return [
        {"team": team, "priority": priority, "seconds": hours * factor * HOUR}
        for team, hours in (("payments", payments), ("risk", risk))
        for priority, factor in (("urgent", 1), ("high", 2), ("normal", 4))
    ]


def kept_outcomes(first_number: int) -> list[Outcome]:
    """What the desk's own clocks came to, with the tickets counted from the first."""
    rows = Clock.every.select_related("policy_version__policy", "ticket")
    return [
        Outcome(
            clock.ticket_id - first_number,
            clock.metric,
            clock.cycle,
            clock.state,
            clock.due_at,
            clock.met_at,
            clock.breached_at,
            clock.responsible_team_id,
            clock.policy_version.policy.name,
            tuple(clock.fired),
        )
        for clock in rows
    ]
