"""Who is told that a promise is at risk, or late, and in which words (R77)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.dates import said
from notifications.actions import Notice, notify_many
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import hearing_of, lead_of, managers_of, present
from people.models import User
from sla.enums import ThresholdAction, Told
from sla.models import Clock
from sla.thresholds import Threshold, position_words

# Whoever answers for a team is not always at the desk.
_BY_MAIL = {Told.LEAD, Told.MANAGERS}


def send_warnings(reached: Sequence[tuple[Clock, Threshold]], now: datetime) -> None:
    """In as many queries as there are different owners and teams, whatever the number of clocks.

    A person whom a threshold names twice, as the lead and as a manager, is told once.
    """
    crew = Crew(now)
    notices = []
    for clock, threshold in reached:
        for told in told_by(threshold):
            compose = partial(_letter, clock, threshold, now)
            dedupe = f"warning:{clock.pk}:{threshold.key}:{clock.target_seconds}"
            notices.append(Notice(crew.of(clock, told), compose, dedupe, by_mail=told in _BY_MAIL, is_alike=True))
    notify_many(notices, now=now)


def told_by(threshold: Threshold) -> list[Told]:
    return [Told(action.value) for action in threshold.actions if action.do == ThresholdAction.NOTIFY]


class Crew:
    """Whom a threshold's alert reaches, looked up once for those who share owner and team; never nobody."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[Told, int | None, int | None, int | None], list[User]] = {}

    def of(self, clock: Clock, told: Told) -> list[User]:
        owner = clock.ticket.assignee_id if told == Told.OWNER else None
        key = (told, owner, clock.responsible_team_id, clock.ticket.team_id)
        if key not in self._known:
            self._known[key] = _WHOM[told](clock, self._now) or _managers(clock, self._now)
        return self._known[key]


def _owner(clock: Clock, now: datetime) -> list[User]:
    """Where there is none the team's lead; where there is none its managers."""
    team = clock.responsible_team
    nearest = [person for person in (clock.ticket.assignee, team.lead if team else None) if person is not None]
    return present(nearest, now, hearing_of(clock.ticket.team))[:1]


def _lead(clock: Clock, now: datetime) -> list[User]:
    return lead_of(clock.responsible_team, now, hearing_of(clock.ticket.team))


def _managers(clock: Clock, now: datetime) -> list[User]:
    return managers_of(clock.responsible_team, now, hearing_of(clock.ticket.team))


def _team(clock: Clock, now: datetime) -> list[User]:
    """Whoever is there; nobody is replaced, for all of them are told."""
    team = clock.responsible_team
    if team is None:
        return []
    away = team.members.filter(absences__starts_at__lte=now, absences__ends_at__gt=now)
    return list(team.members.filter(is_active=True).exclude(pk__in=away))


_WHOM: dict[Told, Callable[[Clock, datetime], list[User]]] = {
    Told.OWNER: _owner,
    Told.LEAD: _lead,
    Told.MANAGERS: _managers,
    Told.TEAM: _team,
}


def _letter(clock: Clock, threshold: Threshold, now: datetime, person: User) -> Letter:
    due = said(localtime(clock.due_at), "H:i") if clock.due_at else ""
    is_late = clock.due_at is not None and clock.due_at <= now
    return Letter(
        kind=AlertKind.WARNING,
        title=_title(clock, is_late) % {"what": _what(clock), "number": clock.ticket_id, "due": due},
        body=clock.ticket.subject,
        path=f"/tickets/{clock.ticket_id}/",
        facts=(
            (_("What"), clock.ticket.subject),
            (_("Threshold"), position_words(threshold)),
            (_("Due"), said(localtime(clock.due_at), "D d M, H:i") if clock.due_at else ""),
        ),
        action=_("Open #%(number)d") % {"number": clock.ticket_id},
        ticket_number=clock.ticket_id,
    )


def _title(clock: Clock, is_late: bool) -> str:
    return {
        (False, False): _("%(what)s of #%(number)d is due at %(due)s"),
        (False, True): _("%(what)s of #%(number)d was due at %(due)s"),
        (True, False): _("%(what)s has until %(due)s for #%(number)d"),
        (True, True): _("%(what)s had until %(due)s for #%(number)d"),
    }[clock.is_internal, is_late]


def _what(clock: Clock) -> str:
    """The promise, or whose own time it is."""
    if not clock.is_internal:
        return clock.get_metric_display()
    return clock.responsible_team.name if clock.responsible_team else _("The team")
