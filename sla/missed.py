"""A team has used up its internal target: who is told, and whether an escalation answers it (R42, DESIGN §3.2)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.dates import said
from notifications.actions import Notice, notify_many
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import hearing_of, lead_of, managers_of
from people.models import User
from sla.models import Clock, TeamTarget


def escalating(inside: Sequence[Clock]) -> set[int]:
    """The keys of those whose policy version says that missing them opens an escalation; no query for nothing."""
    if not inside:
        return set()
    versions = {clock.policy_version_id for clock in inside}
    rows = TeamTarget.objects.filter(version__in=versions, escalates=True)
    grave = set(rows.values_list("version", "team", "priority"))
    return {
        clock.pk
        for clock in inside
        if (clock.policy_version_id, clock.responsible_team_id, clock.ticket.priority) in grave
    }


def alert_teams(missed: Sequence[Clock], now: datetime) -> None:
    """Each team's lead and managers, once for each ticket: a clock is missed once and never again."""
    if not missed:
        return
    whom: dict[tuple[int | None, int | None], list[User]] = {}
    notices = []
    for clock in missed:
        key = (clock.responsible_team_id, clock.ticket.team_id)
        if key not in whom:
            whom[key] = _whom(clock, now)
        notices.append(Notice(whom[key], partial(_letter, clock), f"internal:{clock.pk}:missed", is_alike=True))
    notify_many(notices, now=now)


def _whom(clock: Clock, now: datetime) -> list[User]:
    team, hears = clock.responsible_team, hearing_of(clock.ticket.team)
    return list(dict.fromkeys([*lead_of(team, now, hears), *managers_of(team, now, hears)]))


def _letter(clock: Clock, person: User) -> Letter:
    known = {"team": clock.responsible_team or _("The team"), "number": clock.ticket_id}
    due = said(localtime(clock.due_at), "D d M, H:i") if clock.due_at else ""
    return Letter(
        kind=AlertKind.OVERDUE,
        title=_("%(team)s has used up its time for #%(number)d") % known,
        body=clock.ticket.subject,
        path=f"/tickets/{clock.ticket_id}/",
        why=_("You are told because you answer for %(team)s. It is an internal target and no promise to the customer.")
        % known,
        facts=((_("Used up"), due),),
        ticket_number=clock.ticket_id,
    )
