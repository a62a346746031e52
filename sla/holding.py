"""Whose time runs: the clock of the team that has the ticket, and no other team's.

A team has one clock for each ticket. It stops when the team hands the ticket over or it is solved, and goes on with
what was used when the ticket comes back: so the teams' used times add up to the time that the ticket was in hand.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from sla import clocks
from sla.enums import ClockState, Metric, team_key
from sla.models import Clock, PolicyVersion

if TYPE_CHECKING:
    from sla.sync import Change


def hold(change: "Change", version: PolicyVersion | None) -> None:
    """After the ticket has changed hands or has been taken up again; `version` is that of its promises."""
    hand_over(change)
    ticket = change.ticket
    if version is None or ticket.team_id is None or ticket.is_done:
        return
    key = team_key(ticket.team_id)
    mine = change.clocks.get(key)
    if mine is not None and not mine.is_stopped:
        return
    target = change.team_targets(version).get(key)
    if target is None:
        return
    if mine is None:
        mine = change.start(target, version, 1 + max(internal_cycles(change.clocks.values()), default=0))
    else:
        clocks.take_on(
            mine, target, version, now=change.now, by=change.actor, reason=gettext_noop("back with the team")
        )
    clocks.hold_as_the_ticket(mine, ticket, now=change.now, by=change.actor)


def hand_over(change: "Change") -> None:
    """What the other teams have used stays, and is not added to."""
    for clock in change.clocks.values():
        if clock.is_internal and (
            clock.responsible_team_id is None or clock.responsible_team_id != change.ticket.team_id
        ):
            clocks.meet(clock, now=change.now, by=change.actor, reason=gettext_noop("handed over"))


def internal_cycles(known: Iterable[Clock]) -> list[int]:
    return [clock.cycle for clock in known if clock.is_internal]


def version_held(change: "Change") -> PolicyVersion | None:
    """The version that the ticket's promises stand under; None where nothing is promised any more.

    That of solving it, which lasts as long as the ticket; where that is not promised, of what is.
    """
    promised = {key: clock for key, clock in change.by_policy.items() if not clock.is_internal}
    if not promised:
        return change.version()
    last = promised.get(Metric.RESOLUTION) or promised[min(promised)]
    return None if last.state == ClockState.CANCELLED and last.key == Metric.RESOLUTION else last.policy_version
