"""A hand-off to another team as its room and its ticket show it, and what it is sent again with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.numbers import whole
from desk.forms.fields import PREFIX
from desk.looks.ticket.clocks import used_by
from desk.templatetags.desk_time import clock_text, short
from escalation.enums import LIVE_STATES, DeadlineKind, Kind
from escalation.functional.hand_offs import evidence_of, of_matter
from escalation.functional.held import Held, held
from escalation.models import Deadline, Escalation, HandOff
from escalation.permissions import may_accept
from people.models import Team, User
from sla.statement import SECOND, even
from tickets.models import Attachment, Message, Ticket

MINUTE = timedelta(minutes=1)
EVIDENCE_OFFERED = 8
EXCERPT = 80


@dataclass(frozen=True, slots=True)
class StayLook:
    """`note` says what of it went by before the team accepted; `now`: the ticket is there."""

    team: str
    since: datetime
    time: str
    percent: int
    note: str
    now: bool


@dataclass(frozen=True, slots=True)
class HeldLook:
    """Beside the sum stands what the customer's own clock has used."""

    stays: list[StayLook]
    sum: str
    clock: str
    metric: str


@dataclass(frozen=True, slots=True)
class HandOffLook:
    """`due`: by when it is to be accepted; `again`: where it can be sent once more, for whoever got it back."""

    hand_off: HandOff
    state: str
    words: str
    due: str
    may_accept: bool
    again: str
    bounces: int
    messages: list[Message]
    files: list[Attachment]
    held: HeldLook | None


def in_room(escalation: Escalation, user: User, deadlines: Sequence[Deadline], now: datetime) -> HandOffLook | None:
    """Of a functional escalation."""
    hand_off = HandOff.objects.with_people().filter(escalation=escalation).first()
    if hand_off is None:
        return None
    hand_off.escalation = escalation
    times = held(escalation.ticket, now)
    messages, files = evidence_of(hand_off, user)
    state = _state(hand_off)
    return HandOffLook(
        hand_off=hand_off,
        state=state,
        words=_words(hand_off, state, now),
        due=_due(deadlines, now) if state == "waiting" else "",
        may_accept=waits_for(hand_off, user),
        again=again_url(hand_off),
        bounces=of_matter(escalation.ticket).returned().count(),
        messages=messages,
        files=files,
        held=_held(times, now) if times else None,
    )


def waits_for(hand_off: HandOff, user: User) -> bool:
    """Whether this person may accept it now."""
    escalation = hand_off.escalation
    return hand_off.is_waiting and escalation.state in LIVE_STATES and may_accept(user, escalation)


def again_url(hand_off: HandOff) -> str:
    """The dialog filled in as it was, of a hand-off that came back; empty for others."""
    if hand_off.returned_at is None:
        return ""
    return f"{reverse('desk:escalate', args=[hand_off.ticket_id])}?again={hand_off.escalation_id}"


def came_back(ticket: Ticket, escalations: Sequence[Escalation]) -> HandOff | None:
    """The last hand-off of a ticket, if it was returned and nothing of the kind has been asked since."""
    contracts = [one for one in escalations if one.kind == Kind.FUNCTIONAL]
    last = max(contracts, key=lambda one: one.number, default=None)
    hand_off = getattr(last, "hand_off", None)
    return hand_off if hand_off is not None and hand_off.returned_at is not None and not ticket.is_done else None


def sent_again(ticket: Ticket, number: str) -> dict[str, Any]:
    """What the dialog is filled in with; nothing for a number that is no returned hand-off of this ticket."""
    key = whole(number)
    if key is None:
        return {}
    found = HandOff.objects.returned().select_related("escalation", "to_team", "returned_by")
    hand_off = found.filter(ticket=ticket, escalation=key).first()
    if hand_off is None:
        return {}
    escalation = hand_off.escalation
    wanted = escalation.wanted_by
    return {
        "kind": escalation.kind,
        "team": hand_off.to_team.slug if hand_off.to_team else "",
        "severity": str(escalation.severity),
        "reason": escalation.reason,
        "summary": escalation.summary,
        "tried": escalation.tried,
        "impact": escalation.impact,
        **{f"{PREFIX}{key}": value for key, value in escalation.fields.items()},
        "wanted_by": localtime(wanted).strftime("%Y-%m-%dT%H:%M") if wanted else "",
        "evidence": [
            *(f"m{pk}" for pk in hand_off.messages.values_list("pk", flat=True)),
            *(f"f{pk}" for pk in hand_off.files.values_list("pk", flat=True)),
        ],
        "came_back": hand_off,
    }


def evidence_offered(ticket: Ticket) -> list[tuple[str, str]]:
    """The last messages and their files, the newest first, for the dialog to tick."""
    messages = ticket.messages.select_related("author").prefetch_related("attachments")
    newest = list(messages.order_by("-created_at", "-pk")[:EVIDENCE_OFFERED])
    offered = []
    for message in newest:
        offered.append((f"m{message.pk}", f"{_author(message)}: {_excerpt(message.body)}"))
        offered += [(f"f{file.pk}", _("File: %(name)s") % {"name": file.name}) for file in message.attachments.all()]
    return offered


def _author(message: Message) -> str:
    return message.author.name if message.author else _("The desk")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rstrip()}…"


def _state(hand_off: HandOff) -> str:
    if hand_off.returned_at is not None:
        return "returned"
    if hand_off.accepted_at is not None:
        return "accepted"
    return "waiting" if hand_off.is_waiting else "dropped"


def _words(hand_off: HandOff, state: str, now: datetime) -> str:
    known = {
        "team": hand_off.to_team or _("A team that is gone"),
        "accepted": clock_text(hand_off.accepted_at, now),
        "by": hand_off.accepted_by or "",
        "returned": clock_text(hand_off.returned_at, now),
        "back": hand_off.returned_by or "",
    }
    sentences = {
        "waiting": _("%(team)s has not said yet whether it takes it."),
        "accepted": _("Accepted %(accepted)s by %(by)s."),
        "returned": _("Returned %(returned)s by %(back)s."),
        "dropped": _("It ended before %(team)s had said anything."),
    }
    return sentences[state] % known


def _due(deadlines: Sequence[Deadline], now: datetime) -> str:
    waiting = [one for one in deadlines if one.kind == DeadlineKind.HAND_OFF and one.met_at is one.cancelled_at is None]
    if not waiting:
        return ""
    at = clock_text(waiting[0].due_at, now)
    return (_("It was to be accepted by %(at)s.") if waiting[0].due_at <= now else _("Accept by %(at)s.")) % {"at": at}


def _held(times: Held, now: datetime) -> HeldLook:
    """In whole minutes, or seconds of the first minute, that add up on paper, too."""
    unit = MINUTE if times.used >= MINUTE else SECOND
    used = times.used // unit * unit
    parts = even([stay.counted for stay in times.stays], used, unit)
    last = len(times.stays) - 1
    return HeldLook(
        stays=[
            StayLook(
                team=_team(times.teams.get(stay.team), stay.team),
                since=stay.from_,
                time=short(part),
                percent=round(part * 100 / used) if used else 0,
                note=_("%(time)s of it not accepted") % {"time": short(stay.unaccepted)} if stay.unaccepted else "",
                now=at == last and not times.clock.is_stopped,
            )
            for at, (stay, part) in enumerate(zip(times.stays, parts, strict=True))
        ],
        sum=short(sum(parts, timedelta())),
        clock=short(used_by(times.clock, now)),
        metric=times.clock.get_metric_display(),
    )


def _team(team: Team | None, key: int | None) -> str:
    if team is not None:
        return team.name
    return _("No team") if key is None else _("A team that is gone")
