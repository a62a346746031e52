"""The hand-off contract, and who held the ticket for how long, as the API shows them."""

from typing import Annotated, TypedDict

from api.ask import Ask, instant, moment
from api.shapes.basic import Moment
from escalation.functional.hand_offs import evidence_of, of_matter
from escalation.functional.held import Held, held
from escalation.functional.sides import Stay
from escalation.models import Escalation, HandOff
from people.models import Team, User
from sla.enums import Metric
from sla.statement import SECOND, even

# Whom `hand_off_shape` names, for a list to read with the rest.
NAMES = ("from_team", "to_team", "from_assignee", "sent_by", "accepted_by", "returned_by")


class HandOffShape(TypedDict):
    """One escalation to another team. `dropped_at`: it ended before anybody accepted or returned it."""

    from_team: str | None
    from_owner: str | None
    to_team: str | None
    sent_at: Moment
    sent_by: str | None
    accepted_at: Moment | None
    accepted_by: str | None
    returned_at: Moment | None
    returned_by: str | None
    reason: str
    dropped_at: Moment | None


class EvidenceShape(TypedDict):
    """By their ids; those that the caller may not see are left out."""

    messages: list[int]
    attachments: list[int]


class OneOfAll(HandOffShape):
    escalation: int
    ticket: int
    asked: str
    tried: str
    wanted_by: Moment | None
    evidence: EvidenceShape


class StayShape(TypedDict):
    """A visit of the ticket to a team: `seconds` of the customer's clock, `unaccepted` of them before it accepted."""

    team: str | None
    since: Moment
    until: Moment
    seconds: int
    unaccepted: int


class HeldShape(TypedDict):
    """The `seconds` of the visits add up to what the clock has used."""

    metric: Annotated[str, Metric]
    cycle: int
    seconds: int
    stays: list[StayShape]


class HandOffList(TypedDict):
    """`bounces`: how often the matter has come back, in whatever ticket that was merged into this one."""

    results: list[OneOfAll]
    bounces: int
    held: HeldShape | None


def hand_off_shape(hand_off: HandOff | None) -> HandOffShape | None:
    if hand_off is None:
        return None
    return {
        "from_team": _slug(hand_off.from_team),
        "from_owner": _email(hand_off.from_assignee),
        "to_team": _slug(hand_off.to_team),
        "sent_at": instant(hand_off.sent_at),
        "sent_by": _email(hand_off.sent_by),
        "accepted_at": moment(hand_off.accepted_at),
        "accepted_by": _email(hand_off.accepted_by),
        "returned_at": moment(hand_off.returned_at),
        "returned_by": _email(hand_off.returned_by),
        "reason": hand_off.reason,
        "dropped_at": moment(hand_off.dropped_at),
    }


def hand_offs_shape(escalation: Escalation, ask: Ask) -> HandOffList:
    found = list(of_matter(escalation.ticket).with_people().select_related("escalation"))
    times = held(escalation.ticket, ask.now)
    return {
        "results": [_one(hand_off, ask.user) for hand_off in found],
        "bounces": sum(hand_off.returned_at is not None for hand_off in found),
        "held": _held(times) if times else None,
    }


def _one(hand_off: HandOff, user: User) -> OneOfAll:
    shape = hand_off_shape(hand_off)
    if shape is None:
        raise ValueError("There is one.")
    messages, files = evidence_of(hand_off, user)
    escalation = hand_off.escalation
    return {
        **shape,
        "escalation": escalation.number,
        "ticket": hand_off.ticket_id,
        "asked": escalation.summary,
        "tried": escalation.tried,
        "wanted_by": moment(escalation.wanted_by),
        "evidence": {"messages": [one.pk for one in messages], "attachments": [one.pk for one in files]},
    }


def _held(times: Held) -> HeldShape:
    """In whole seconds that add up."""
    used = times.used // SECOND * SECOND
    seconds = even([stay.counted for stay in times.stays], used, SECOND)
    return {
        "metric": times.clock.metric,
        "cycle": times.clock.cycle,
        "seconds": used // SECOND,
        "stays": [_stay(stay, part // SECOND, times.teams) for stay, part in zip(times.stays, seconds, strict=True)],
    }


def _stay(stay: Stay, seconds: int, teams: dict[int | None, Team]) -> StayShape:
    return {
        "team": _slug(teams.get(stay.team)),
        "since": instant(stay.from_),
        "until": instant(stay.to),
        "seconds": seconds,
        "unaccepted": min(stay.unaccepted // SECOND, seconds),
    }


def _slug(team: Team | None) -> str | None:
    return team.slug if team else None


def _email(person: User | None) -> str | None:
    return person.email if person else None
