"""Who of a team gets a ticket, and why the others do not (R57, R58, R66, R68). Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tickets.routing.grammar import Action, Owner
from tickets.routing.roster import Member, Roster


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who could not be given it; `why` is a key of `explaining.REASONS`, `about` what that names."""

    name: str
    why: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is 0 where nobody could be given it. `before`: who had the last turn, where turns are taken."""

    rule: int
    team: str
    action: Action
    severity: int | None
    key: int = 0
    name: str = ""
    before: str = ""
    passed: tuple[Passed, ...] = ()

    @property
    def takes_turn(self) -> bool:
        return self.action.value == Owner.ROUND_ROBIN


def choose(roster: Roster, action: Action, *, rule: int, team: str, severity: int | None) -> Choice:
    """Who gets it now. Nobody is given more than he may have, nor what is graver than he takes; a lead takes all."""
    if action.value == Owner.LEAD:
        lead = roster.lead(team)
        return Choice(rule, team, action, severity, lead.key if lead else 0, lead.name if lead else "")
    asked = roster.on_duty(team) if action.value == Owner.ON_DUTY else roster.members(team)
    on_duty = {member.key for member in roster.on_duty(team)} if action.on_duty else None
    fit, passed = [], []
    for member in asked:
        reason = _against(member, action, severity, on_duty)
        if reason is None:
            fit.append(member)
        else:
            passed.append(Passed(member.name, *reason))
    last = roster.last(rule, team) if action.value == Owner.ROUND_ROBIN else 0
    before = next((member.name for member in asked if member.key == last), "")
    if not fit:
        return Choice(rule, team, action, severity, before=before, passed=tuple(passed))
    taken = _WAYS[Owner(str(action.value))](fit, action, last)
    return Choice(rule, team, action, severity, taken.key, taken.name, before, tuple(passed))


def _against(
    member: Member, action: Action, severity: int | None, on_duty: set[int] | None
) -> tuple[str, dict[str, Any]] | None:
    """The first reason for which he cannot be given it."""
    level = member.skills.get(action.skill, 0)
    reasons: list[tuple[bool, str, dict[str, Any]]] = [
        (member.is_away, "away", {}),
        (on_duty is not None and member.key not in on_duty, "off_duty", {}),
        (severity is not None and severity < member.gravest, "severity", {"gravest": member.gravest}),
        (action.senior and not member.is_senior, "not_senior", {}),
        (bool(action.skill) and level < max(action.level, 1), "skill", {"skill": action.skill, "level": level}),
        (member.is_full, "full", {"open": member.open, "capacity": member.capacity}),
    ]
    return next(((why, about) for holds, why, about in reasons if holds), None)


def _next_turn(fit: Sequence[Member], action: Action, last: int) -> Member:
    """The first behind whoever had the last turn, be he still there or not."""
    return min(fit, key=lambda member: (member.key <= last, member.key))


def _fewest(fit: Sequence[Member], action: Action, last: int) -> Member:
    return min(fit, key=lambda member: (member.open, member.key))


def _best(fit: Sequence[Member], action: Action, last: int) -> Member:
    """Of equals the one with the fewest."""
    return min(fit, key=lambda member: (-member.skills.get(action.skill, 0), member.open, member.key))


_WAYS: dict[Owner, Callable[[Sequence[Member], Action, int], Member]] = {
    Owner.ROUND_ROBIN: _next_turn,
    Owner.LEAST_LOADED: _fewest,
    Owner.MOST_SKILLED: _best,
    Owner.ON_DUTY: _fewest,
}
