"""The rounds of a ladder: acknowledged, it stops; when the acknowledgement lapses, it starts again from level 1.

A round takes over the levels that were frozen onto the escalation, not the ladder as it may read meanwhile; the rows of
the rounds before are history.
"""

from datetime import datetime

from common.rows import insert
from escalation.deadlines.winding import stop_ladder
from escalation.enums import OPEN_STATES, DeadlineKind
from escalation.models import Acknowledgement, Escalation, Rung
from people.models import User

# Whoever acknowledged owes these to those who wait; where one is missed, nobody seems to have it in hand.
LAPSES_BY = (DeadlineKind.FIRST_HOUR, DeadlineKind.UPDATE)


def hold(escalation: Escalation, by: User, now: datetime) -> None:
    """Acknowledged in this round: whatever of the ladder is still to come is not needed."""
    escalation.acknowledged_at, escalation.acknowledged_by, escalation.lapsed_at = now, by, None
    escalation.manager = escalation.manager or by
    escalation.save(update_fields=["acknowledged_at", "acknowledged_by", "lapsed_at", "manager"])
    Acknowledgement.objects.create(escalation=escalation, round=escalation.ladder_round, by=by, at=now)
    stop_ladder(escalation)


def lapse(escalation: Escalation, missed: str, now: datetime) -> bool:
    """A promise was missed after somebody took it on: the ladder starts again. False where nothing starts."""
    if missed not in LAPSES_BY or not escalation.is_acknowledged or escalation.state not in OPEN_STATES:
        return False
    begin(escalation, now)
    return True


def begin(escalation: Escalation, now: datetime) -> None:
    """The caller holds the lock."""
    stop_ladder(escalation)
    held = escalation.acknowledgements.filter(round=escalation.ladder_round, lapsed_at=None)
    held.update(lapsed_at=now)
    escalation.lapsed_at = now if escalation.acknowledged_at else None
    escalation.ladder_round += 1
    escalation.save(update_fields=["lapsed_at", "ladder_round"])
    frozen = list(escalation.rungs.filter(round=1))
    common = {"escalation_id": escalation.number, "round": escalation.ladder_round}
    insert(
        Rung,
        [
            {
                **{name: getattr(rung, name) for name in Rung.FROZEN},
                **common,
                "next_moment": now + rung.delay if rung is frozen[0] else None,
            }
            for rung in frozen
        ],
    )
