"""What is said between the levels, as the API shows it."""

from typing import TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment
from escalation.models import Escalation


class HandOverShape(TypedDict):
    """`dropped_at`: given to somebody else meanwhile, or ended with its escalation."""

    giver: str | None
    receiver: str
    note: str
    at: Moment
    due_at: Moment
    acknowledged_at: Moment | None
    dropped_at: Moment | None


class HandOverList(TypedDict):
    results: list[HandOverShape]


def hand_overs(escalation: Escalation) -> HandOverList:
    found = escalation.hand_overs.select_related("giver", "receiver", "deadline")
    return {
        "results": [
            {
                "giver": one.giver.email if one.giver else None,
                "receiver": one.receiver.email,
                "note": one.note,
                "at": instant(one.at),
                "due_at": instant(one.deadline.due_at),
                "acknowledged_at": moment(one.acknowledged_at),
                "dropped_at": moment(one.dropped_at),
            }
            for one in found
        ]
    }
