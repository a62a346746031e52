"""The rows of the escalation floor, a file for each idea."""

from escalation.models.affected import AffectedCustomer
from escalation.models.analyses import Analysis, AnalysisReading, CustomerAnalysis
from escalation.models.asks import Ask
from escalation.models.causes import OwnCause
from escalation.models.channels import EscalationChannel
from escalation.models.communication import Communication, Notice
from escalation.models.criteria import Assessment, Criterion, Proposal
from escalation.models.customer_rights import CustomerRight
from escalation.models.deadlines import Deadline
from escalation.models.decisions import Approval, Override
from escalation.models.digests import Digest
from escalation.models.escalation import Escalation
from escalation.models.guides import GuideTick
from escalation.models.hand_offs import HandOff
from escalation.models.handovers import HandOver
from escalation.models.ladders import (
    Acknowledgement,
    Involvement,
    Ladder,
    LadderLevel,
    LadderReport,
    LadderVersion,
    Rung,
    as_names,
)
from escalation.models.links import EscalationLink
from escalation.models.plans import PlanTask, PlanTemplate, PlanVersion
from escalation.models.procedures import Procedure
from escalation.models.recommendations import Recommendation
from escalation.models.responsibilities import Kudos, Responsibility
from escalation.models.reviews import Review, ReviewTerms
from escalation.models.services import AffectedService, Stakeholder
from escalation.models.step_spells import StepSpell
from escalation.models.subscriptions import Subscription
from escalation.models.task_forces import PlanReview, TaskForce, TaskForceMember, TechnicalPlan
from escalation.models.tracked import TrackedAction
from escalation.models.trainings import Training, TrainingDone
from escalation.models.update_templates import Cadence, UpdateTemplate

__all__ = [
    "Acknowledgement",
    "AffectedCustomer",
    "AffectedService",
    "Analysis",
    "AnalysisReading",
    "Approval",
    "Ask",
    "Assessment",
    "Cadence",
    "Communication",
    "Criterion",
    "CustomerAnalysis",
    "CustomerRight",
    "Deadline",
    "Digest",
    "Escalation",
    "EscalationChannel",
    "EscalationLink",
    "GuideTick",
    "HandOff",
    "HandOver",
    "Involvement",
    "Kudos",
    "Ladder",
    "LadderLevel",
    "LadderReport",
    "LadderVersion",
    "Notice",
    "Override",
    "OwnCause",
    "PlanReview",
    "PlanTask",
    "PlanTemplate",
    "PlanVersion",
    "Procedure",
    "Proposal",
    "Recommendation",
    "Responsibility",
    "Review",
    "ReviewTerms",
    "Rung",
    "Stakeholder",
    "StepSpell",
    "Subscription",
    "TaskForce",
    "TaskForceMember",
    "TechnicalPlan",
    "TrackedAction",
    "Training",
    "TrainingDone",
    "UpdateTemplate",
    "as_names",
]
