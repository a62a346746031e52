from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    FUNCTIONAL = "functional", _("Functional")
    HIERARCHICAL = "hierarchical", _("Hierarchical")
    AUTOMATIC = "automatic", _("Automatic")


class Origin(models.TextChoices):
    AGENT = "agent", _("Agent")
    CUSTOMER = "customer", _("Customer")
    SLA = "sla", _("SLA")
    RULE = "rule", _("Rule")
    PREDICTION = "prediction", _("Prediction")


class State(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    INITIATED = "initiated", _("Initiate")
    COMMUNICATING = "communicating", _("Communicate")
    RESOLVING = "resolving", _("Resolve")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Stage(models.TextChoices):
    """The four steps that people see (R16)."""

    INITIATE = "initiate", _("Initiate")
    COMMUNICATE = "communicate", _("Communicate")
    RESOLVE = "resolve", _("Resolve")
    CLOSE = "close", _("Close")


class Reason(models.TextChoices):
    """The five kinds of R9, and the promise, broken or at risk, that needs no words of its own."""

    FUNDING = "funding", _("Funding")
    STAFF = "staff", _("Staff")
    TOOLS = "tools", _("Tools")
    TECHNICAL = "technical", _("Technical")
    FUNCTIONALITY = "functionality", _("Functionality")
    PROMISE = "promise", _("Missed promise")
    AT_RISK = "at_risk", _("Promise at risk")


# What a person, or a criterion, can give as the reason; the others are the clocks' own.
REASONS_OF_PEOPLE = [choice for choice in Reason.choices if choice[0] not in {Reason.PROMISE, Reason.AT_RISK}]


class LinkRelation(models.TextChoices):
    """How an escalation stands to another, or to a ticket (R19); `INVERSE` reads it from the other end."""

    CHILD_OF = "child_of", _("child of")
    PARENT_OF = "parent_of", _("parent of")
    CAUSED_BY = "caused_by", _("caused by")
    CAUSES = "causes", _("causes")
    RELATED = "related", _("related to")


INVERSE = {
    LinkRelation.CHILD_OF: LinkRelation.PARENT_OF,
    LinkRelation.PARENT_OF: LinkRelation.CHILD_OF,
    LinkRelation.CAUSED_BY: LinkRelation.CAUSES,
    LinkRelation.CAUSES: LinkRelation.CAUSED_BY,
    LinkRelation.RELATED: LinkRelation.RELATED,
}


class CriterionMode(models.TextChoices):
    """What a criterion does where it is met (R9, R11)."""

    PROPOSE = "propose", _("proposes an escalation")
    OPEN = "open", _("opens it at once")


class EscalateAs(models.TextChoices):
    FUNCTIONAL = Kind.FUNCTIONAL.value, _("to a team with the skill")
    HIERARCHICAL = Kind.HIERARCHICAL.value, _("to someone with the authority")


class ByHand(models.TextChoices):
    """What a person can ask for: one kind, both in one act (R6), or what no procedure fits (R15)."""

    FUNCTIONAL = Kind.FUNCTIONAL.value, _("To a team with the skill")
    HIERARCHICAL = Kind.HIERARCHICAL.value, _("To someone with the authority")
    BOTH = "both", _("Both at once")
    EXCEPTION = "exception", _("No procedure fits, senior decider")


class ProposalEnd(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    OPENED = "opened", _("Opened at once")
    DISMISSED = "dismissed", _("Dismissed")
    OVERTAKEN = "overtaken", _("Overtaken by another escalation")


class Cause(models.TextChoices):
    """What was at the root; asked for before closing (R84)."""

    LOAD = "load", _("Too much load")
    STAKEHOLDERS = "stakeholders", _("Too many stakeholders")
    EXPERIENCE = "experience", _("Not enough experience")
    OWNERSHIP = "ownership", _("Unclear ownership")
    PRODUCT = "product", _("Fault in the product")
    THIRD_PARTY = "third_party", _("Third party")
    AUTHORITY = "authority", _("Limited authority")


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approve")
    EXCEPTION = "exception", _("Approve with an exception")
    RESOURCES = "resources", _("Grant resources")
    DECLINE = "decline", _("Decline")


class AskedAs(models.TextChoices):
    """Why somebody is asked to decide."""

    FIRST = "first", _("First in the chain who may")
    NEXT = "next", _("Whoever was asked before did not decide")
    PASSED = "passed", _("It was passed on")
    SECOND = "second", _("More than one must agree")
    VOLUNTEER = "volunteer", _("Decided without being asked")


class AskEnd(models.TextChoices):
    DECIDED = "decided", _("Decided")
    AGREED = "agreed", _("Agreed")
    EXPIRED = "expired", _("Not in time")
    PASSED = "passed", _("Passed on")
    AWAY = "away", _("Away")
    VOID = "void", _("Not needed any more")


class RecommendedFor(models.TextChoices):
    PROCESS = "process", _("How we work")
    PRODUCT = "product", _("The product")
    TRAINING = "training", _("Training")


class LearnedIn(models.TextChoices):
    """Where an action was decided that keeps it from coming again (R92)."""

    ANALYSIS = "analysis", _("Root cause analysis")
    REVIEW = "review", _("Review")


class Avoidable(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class ReviewState(models.TextChoices):
    DUE = "due", _("Due")
    OVERDUE = "overdue", _("Overdue")
    DONE = "done", _("Done")
    WAIVED = "waived", _("Waived")
    WAITING = "waiting", _("waits for the close")


class RecommendationState(models.TextChoices):
    OPEN = "open", _("Open")
    TAKEN = "taken", _("Taken up")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")


# Of a recommendation of which nobody has said yet what became of it.
TO_DO = (RecommendationState.OPEN, RecommendationState.TAKEN)


class Audience(models.TextChoices):
    STAKEHOLDERS = "stakeholders", _("Internal stakeholders")
    CUSTOMERS = "customers", _("Affected customers")
    EXECUTIVES = "executives", _("Senior management")


class Purpose(models.TextChoices):
    """What an update is for: the first word within the hour (R35), how it goes (R36), its end (R47), or R43."""

    FIRST_NOTICE = "first_notice", _("First notice")
    UPDATE = "update", _("Update")
    RESOLUTION = "resolution", _("Resolution")
    EXECUTIVE = "executive", _("Executive summary")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    UNREACHABLE = "unreachable", _("No address")


class RungState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Alerted")
    SKIPPED = "skipped", _("Skipped")
    STOPPED = "stopped", _("Not needed")


class Reach(models.TextChoices):
    """Whom a level of a ladder alerts."""

    ASSIGNEE = "assignee", _("Owner of the ticket")
    LEAD = "lead", _("Team lead")
    MANAGERS = "managers", _("Managers of the team")
    MANAGERS_ABOVE = "managers_above", _("Managers of a team above")
    TEAM = "team", _("Everybody of the team")
    ON_DUTY = "on_duty", _("Whoever is on duty")
    NAMED = "named", _("People by name")
    ADMINS = "admins", _("Administrators")


# Whoever stands there may be anybody: of what the team keeps to itself only those hear who may see it.
NOT_OF_THE_TEAM = (Reach.MANAGERS_ABOVE, Reach.NAMED)


class DeadlineKind(models.TextChoices):
    FIRST_HOUR = "first_hour", _("Everybody informed within the hour")
    UPDATE = "update", _("Promised update")
    APPROVAL = "approval", _("Decision")
    HAND_OFF = "hand_off", _("Acceptance of the hand-off")
    HAND_NOTE = "hand_note", _("Acknowledgement of the hand-over")
    VERIFY = "verify", _("Verification of the resolution")
    CLOSING = "closing", _("Close of what is resolved")
    ANALYSIS = "analysis", _("Root cause analysis")
    REVIEW = "review", _("Review")
    ACTION = "action", _("Action")
    WIDEN = "widen", _("More people are drawn in")


# Who must hear of an escalation within the hour, each by a clock of its own (R35).
INFORMED = (Audience.STAKEHOLDERS, Audience.CUSTOMERS)


class PlanOwner(models.TextChoices):
    """Whom a template gives a task to; who that is, the escalation knows."""

    MANAGER = "manager", _("Escalation manager")
    ASSIGNEE = "assignee", _("Owner of the ticket")
    LEAD = "lead", _("Team lead")


class Duty(models.TextChoices):
    """What one person answers for on an escalation (R24–R26); where nobody is named, its manager does."""

    ARCHITECT = "architect", _("De-escalation architect")
    ENGAGEMENT = "engagement_executive", _("Customer engagement")
    COORDINATOR = "problem_coordinator", _("Problem coordinator")


class Verdict(models.TextChoices):
    """What an expert says of a technical plan (R28)."""

    ACCEPT = "accept", _("Accepts")
    CHANGE = "change", _("Wants a change")


class Trend(models.TextChoices):
    """Where it goes, in the eyes of whoever wrote the last update."""

    IMPROVING = "improving", _("Improving")
    SAME = "same", _("Unchanged")
    DECLINING = "declining", _("Declining")


OPEN_STATES = (State.INITIATED, State.COMMUNICATING, State.RESOLVING)
LIVE_STATES = (State.REQUESTED, *OPEN_STATES, State.RESOLVED)

# At which whoever asked may take it back.
WITHDRAWABLE = (State.REQUESTED, State.INITIATED)

# At which states a promise of its own still asks somebody for something: whoever has entered Resolve has informed
# everybody, late or not.
PRESSES_IN: dict[str, tuple[State, ...]] = {
    DeadlineKind.APPROVAL: (State.REQUESTED,),
    DeadlineKind.FIRST_HOUR: (State.INITIATED, State.COMMUNICATING),
    DeadlineKind.HAND_OFF: (State.INITIATED,),
    DeadlineKind.HAND_NOTE: (*OPEN_STATES, State.RESOLVED),
    DeadlineKind.UPDATE: OPEN_STATES,
    DeadlineKind.VERIFY: (State.RESOLVED,),
    DeadlineKind.CLOSING: (State.RESOLVED,),
    DeadlineKind.ANALYSIS: (State.RESOLVED,),
}
# What is owed of what was learned: it asks for nothing that the matter itself waits for, at whichever state.
OF_LEARNING = (DeadlineKind.REVIEW, DeadlineKind.ACTION)

STAGE_OF: dict[str, Stage | None] = {
    State.REQUESTED: None,
    State.INITIATED: Stage.INITIATE,
    State.COMMUNICATING: Stage.COMMUNICATE,
    State.RESOLVING: Stage.RESOLVE,
    State.RESOLVED: Stage.CLOSE,
    State.CLOSED: Stage.CLOSE,
    State.DECLINED: None,
    State.WITHDRAWN: None,
}
STEP_OF: dict[str, int] = {
    state: (0 if stage is None else list(Stage).index(stage) + 1) for state, stage in STAGE_OF.items()
}
