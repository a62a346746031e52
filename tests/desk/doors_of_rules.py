"""The doors of what starts an escalation by itself, and of what escalations have taught."""

from escalation.models import Recommendation
from reports.models import Aim
from tests.desk.outcomes import ADMIN, ROOM, STAFF, TEAM, WRONG, Row

RULES = {
    "desk:channels": Row(ADMIN),
    "desk:channel_switch": Row(WRONG, ADMIN),
    "desk:widget": Row(ADMIN, ADMIN, about="widget"),
    "desk:widget_look": Row(ADMIN, about="widget"),
    "desk:widget_new": Row(ADMIN, ADMIN),
    "desk:widget_remove": Row(WRONG, ADMIN, about="widget"),
    "desk:widgets": Row(ADMIN),
    "desk:recommend": Row(ADMIN, ADMIN, about="escalation"),
    "desk:recommendation_new": Row(ADMIN, ADMIN),
    "desk:recommendation_settle": Row(WRONG, ADMIN, about="recommendation"),
    "desk:recommendation_aim": Row(ADMIN, ADMIN, about="recommendation"),
    "desk:recommendation_measure": Row(WRONG, ADMIN, about="recommendation"),
    "desk:recommendations": Row(STAFF),
    "desk:reviews": Row(STAFF),
    "desk:review": Row(ROOM, about="escalation"),
    "desk:review_write": Row(WRONG, ROOM, about="escalation"),
    "desk:review_give": Row(WRONG, ROOM, about="escalation"),
    "desk:review_waive": Row(WRONG, ROOM, about="escalation"),
    "desk:review_action": Row(WRONG, ROOM, about="escalation"),
    "desk:review_recommend": Row(WRONG, ROOM, about="escalation"),
    "desk:tracked": Row(STAFF),
    "desk:tracked_change": Row(TEAM, TEAM, about="tracked"),
    "desk:tracked_tick": Row(WRONG, TEAM, about="tracked"),
    "desk:training": Row(STAFF),
    "desk:training_decline": Row(ADMIN, ADMIN, about="suggestion"),
    "desk:training_take_up": Row(ADMIN, ADMIN, about="suggestion"),
    "desk:training_done": Row(WRONG, STAFF),
    "desk:training_new": Row(ADMIN, ADMIN),
    "desk:training_remove": Row(WRONG, ADMIN, about="training"),
    "desk:steps": Row(ADMIN, ADMIN),
    "desk:criteria": Row(ADMIN),
    "desk:criterion": Row(ADMIN, ADMIN, about="criterion"),
    "desk:criterion_new": Row(ADMIN, ADMIN),
    "desk:criterion_switch": Row(WRONG, ADMIN, about="criterion"),
    "desk:proposals": Row(STAFF),
    "desk:proposal_dismiss": Row(TEAM, TEAM, about="proposal"),
}


def aiming(row: Recommendation) -> int:
    """One that names a figure that it should move."""
    Aim.objects.create(recommendation=row, figure="pain.parties", wished="lower")
    return row.pk
