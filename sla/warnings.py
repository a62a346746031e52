"""Who is told that a promise is at risk, and in which words (R77)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from notifications.actions import Notice, notify_many
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import managers_of, present
from people.models import User
from sla.models import Clock


def send_warnings(clocks: Sequence[Clock], now: datetime) -> None:
    """In as many queries as there are different owners and teams, whatever the number of clocks."""
    whom: dict[tuple[int | None, int | None], list[User]] = {}
    notices = []
    for clock in clocks:
        key = (clock.ticket.assignee_id, clock.responsible_team_id)
        if key not in whom:
            whom[key] = _whom(clock, now)
        dedupe = f"warning:{clock.pk}:{clock.warned_percent}:{clock.target_seconds}"
        notices.append(Notice(whom[key], partial(_letter, clock), dedupe, by_mail=False, is_alike=True))
    notify_many(notices, now=now)


def _whom(clock: Clock, now: datetime) -> list[User]:
    """The owner; where there is none the team's lead; where there is none its managers."""
    team = clock.responsible_team
    nearest = [person for person in (clock.ticket.assignee, team.lead if team else None) if person is not None]
    return present(nearest, now)[:1] or managers_of(team, now)


def _letter(clock: Clock, person: User) -> Letter:
    due = date_format(localtime(clock.due_at), "H:i") if clock.due_at else ""
    return Letter(
        kind=AlertKind.WARNING,
        title=_("%(metric)s of #%(number)d is due at %(due)s")
        % {"metric": clock.get_metric_display(), "number": clock.ticket_id, "due": due},
        body=clock.ticket.subject,
        path=f"/tickets/{clock.ticket_id}/",
        ticket_number=clock.ticket_id,
    )
