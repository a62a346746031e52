"""Whom a level of a ladder reaches at a moment, and why it would reach nobody. Nothing is changed here.

The same answer is given to the sweep that alerts, to the room and the dialog that foretell, and to the mail that says
who is next.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escalation.enums import NOT_OF_THE_TEAM, Reach
from escalation.models import Rung
from people.chain import Hears, anybody, hearing, hearing_of, last_resort, managers_of, on_duty, present, team_above
from people.models import Team, User
from sla.hours import hours_of


@dataclass(frozen=True, slots=True)
class Reached:
    """`hole` says why nobody is there; empty where somebody is."""

    people: list[User]
    hole: str = ""


class Reaching:
    """Looks up once what the levels of many ladders have in common."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[Any, ...], Reached] = {}
        self._last_resort: dict[int | None, list[User]] = {}

    def on(self, rung: Rung) -> Reached:
        """Whoever is there now, the absent replaced by their deputies. The rung's escalation is at hand."""
        team = team_of(rung)
        owner = rung.escalation.ticket.assignee_id if rung.reach == Reach.ASSIGNEE else None
        kept_by = rung.escalation.ticket.team_id
        key = (rung.reach, rung.steps_up, tuple(rung.named), team.pk if team else None, owner, kept_by)
        if key not in self._known:
            self._known[key] = self._look(rung, team)
        return self._known[key]

    def instead_of(self, rung: Rung, told_before: bool) -> list[User]:
        """Where the last level reaches nobody (DESIGN §3.3): never nobody.

        A level for the ticket's owner, or above the top of the chain, is no loss where another was told before it.
        """
        if told_before and rung.reach in (Reach.ASSIGNEE, Reach.MANAGERS_ABOVE):
            return []
        ticket = rung.escalation.ticket
        if ticket.team_id not in self._last_resort:
            self._last_resort[ticket.team_id] = last_resort(self._now, hearing_of(ticket.team))
        return self._last_resort[ticket.team_id]

    def _look(self, rung: Rung, team: Team | None) -> Reached:
        reach = Reach(rung.reach)
        hears = hearing_of(rung.escalation.ticket.team)
        asked = list(_ASKED[reach](rung, team, self._now, hears))
        people = (hearing if reach in NOT_OF_THE_TEAM else present)(asked, self._now, hears)
        if people:
            return Reached(people)
        if present(asked, self._now, anybody):
            unseen = _("%(names)s: nobody who is there for them sees what the team keeps to itself")
            return Reached([], unseen % {"names": ", ".join(str(person) for person in asked)})
        if asked:
            away = _("%(names)s: away or gone, without a deputy who may be told")
            return Reached([], away % {"names": ", ".join(str(person) for person in asked)})
        return Reached([], str(_NOBODY[reach]))


def team_of(rung: Rung) -> Team | None:
    """Whose ladder it is: the team that it went to, else the ticket's."""
    return rung.escalation.team or rung.escalation.ticket.team


def opens_at(rung: Rung, at: datetime) -> datetime:
    """The moment itself when the level can be reached then, else when its working hours next begin."""
    return hours_of(rung.hours).next_open(at)


def _assignee(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    owner = rung.escalation.ticket.assignee
    return [owner] if owner else []


def _lead(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return [team.lead] if team and team.lead else []


def _managers(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return managers_of(team, now, hears)


def _managers_above(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    """Of the team so many steps up (R14); where there is none this level has nobody and is skipped."""
    above = team_above(team, rung.steps_up)
    return above.managers.all() if above else []


def _members(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return team.members.filter(is_active=True).prefetch_related("absences").order_by("name", "pk") if team else []


def _on_duty(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return on_duty(team, now, hears)


def _named(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return User.objects.filter(pk__in=rung.named).prefetch_related("absences").order_by("name", "pk")


def _admins(rung: Rung, team: Team | None, now: datetime, hears: Hears) -> Iterable[User]:
    return User.objects.admins()


_ASKED: dict[Reach, Callable[[Rung, Team | None, datetime, Hears], Iterable[User]]] = {
    Reach.ASSIGNEE: _assignee,
    Reach.LEAD: _lead,
    Reach.MANAGERS: _managers,
    Reach.MANAGERS_ABOVE: _managers_above,
    Reach.TEAM: _members,
    Reach.ON_DUTY: _on_duty,
    Reach.NAMED: _named,
    Reach.ADMINS: _admins,
}
_NOBODY = {
    Reach.ASSIGNEE: gettext_lazy("The ticket has no owner"),
    Reach.LEAD: gettext_lazy("The team has no lead"),
    Reach.MANAGERS: gettext_lazy("Nobody manages the team"),
    Reach.MANAGERS_ABOVE: gettext_lazy("There is no manager so far up"),
    Reach.TEAM: gettext_lazy("Nobody belongs to the team"),
    Reach.ON_DUTY: gettext_lazy("Nobody is on duty"),
    Reach.NAMED: gettext_lazy("Nobody is named"),
    Reach.ADMINS: gettext_lazy("There is no administrator"),
}
