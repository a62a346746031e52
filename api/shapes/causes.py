"""What opened an escalation, where no person did."""

from typing import Annotated, TypedDict

from api.ask import instant
from api.shapes.basic import Moment
from escalation.models import Escalation, Proposal
from sla.enums import Metric
from sla.models import Breach, Crossing


class BreachShape(TypedDict):
    metric: Annotated[str, Metric]
    due_at: Moment
    noticed_at: Moment


class CrossingShape(TypedDict):
    """A threshold on the way of a promise: `position` is a share such as 75%, or seconds from the due time."""

    metric: Annotated[str, Metric]
    position: str
    due_at: Moment
    crossed_at: Moment


class FoundShape(TypedDict):
    """One thing that a criterion or a rule asks, in words, and what was found on the ticket."""

    key: str
    words: str
    found: str


class FiredShape(TypedDict):
    """What was met: the criterion or the routing rule, and each of its conditions with what was found."""

    criterion: str
    rule: str
    kind: str
    sentence: str
    parts: list[FoundShape]


class CauseShape(TypedDict):
    """What opened it: a missed promise, a threshold on the way of one, or a criterion; nothing where a person did."""

    breach: BreachShape | None
    threshold: CrossingShape | None
    criterion: FiredShape | None


def cause_shape(escalation: Escalation) -> CauseShape:
    return {
        "breach": _breach(escalation.breach),
        "threshold": _crossing(escalation.crossing),
        "criterion": fired_shape(escalation.proposal) if escalation.proposal else None,
    }


def fired_shape(proposal: Proposal) -> FiredShape:
    fired = proposal.fired
    return {
        "criterion": str(fired.get("criterion", "")),
        "rule": str(fired.get("rule", "")),
        "kind": str(fired.get("kind", "")),
        "sentence": proposal.words,
        "parts": [{"key": one["key"], "words": one["words"], "found": one["found"]} for one in fired.get("parts", [])],
    }


def _crossing(crossing: Crossing | None) -> CrossingShape | None:
    if crossing is None:
        return None
    return {
        "metric": crossing.metric,
        "position": crossing.position,
        "due_at": instant(crossing.due_at),
        "crossed_at": instant(crossing.crossed_at),
    }


def _breach(breach: Breach | None) -> BreachShape | None:
    if breach is None:
        return None
    return {
        "metric": breach.metric,
        "due_at": instant(breach.due_at),
        "noticed_at": instant(breach.noticed_at),
    }
