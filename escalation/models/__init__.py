"""The rows of the escalation floor, a file for each idea."""

from escalation.models.affected import AffectedCustomer
from escalation.models.communication import Communication
from escalation.models.deadlines import Deadline
from escalation.models.decisions import Approval, Override
from escalation.models.escalation import Escalation
from escalation.models.ladders import Ladder, LadderLevel, Rung, as_names
from escalation.models.plans import PlanTask
from escalation.models.procedures import Procedure

__all__ = [
    "AffectedCustomer",
    "Approval",
    "Communication",
    "Deadline",
    "Escalation",
    "Ladder",
    "LadderLevel",
    "Override",
    "PlanTask",
    "Procedure",
    "Rung",
    "as_names",
]
