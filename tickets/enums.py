from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting on customer")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class Wait(models.TextChoices):
    """The kind of reason for which a ticket stands still; which of them stops which clock is a policy's business."""

    CUSTOMER = "customer", _("waiting on the customer")
    SUPPLIER = "supplier", _("waiting on a supplier")
    COLLEAGUES = "colleagues", _("waiting on colleagues")
    PLANNED_WORK = "planned_work", _("planned work")
    AGREED_DATE = "agreed_date", _("an agreed date")


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WEB = "web", _("Web form")
    API = "api", _("API")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")


class Kind(models.TextChoices):
    """The type of a matter: many incidents can have one problem behind them (R20)."""

    QUESTION = "question", _("Question")
    INCIDENT = "incident", _("Incident")
    PROBLEM = "problem", _("Problem")
    TASK = "task", _("Task")


class Trash(models.TextChoices):
    """Why a ticket is out of everybody's sight."""

    TRASH = "trash", _("Trash")
    SPAM = "spam", _("Spam")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")


class FieldType(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", pgettext_lazy("a kind of value", "Number")
    CHOICE = "choice", _("Choice")
    DATE = "date", _("Date")


class BelongsTo(models.TextChoices):
    """What a field of the desk's own tells more of (R22)."""

    TICKET = "ticket", _("Ticket")
    ESCALATION = "escalation", _("Escalation")


class Relation(models.TextChoices):
    """How the source stands to the target; `RELATION_BACK` reads it from the other side."""

    RELATED = "related", _("related to")
    DUPLICATE = "duplicate", _("duplicate of")
    CAUSED_BY = "caused_by", _("caused by")
    FOLLOWS = "follows", _("follows")
    BLOCKS = "blocks", _("blocks")
    SPLIT_FROM = "split_from", _("split from")


class MergeSide(models.TextChoices):
    """Which of the two tickets a line about a merge belongs to: the one that went, or the one that took it in."""

    AWAY = "away", _("Merged into another")
    IN = "in", _("Took another in")
    BACK = "back", _("Taken apart")
    OUT = "out", _("Gave another back")


class EventKind(models.TextChoices):
    """The timeline's vocabulary; floors above add their own words under their own prefix."""

    OPENED = "ticket.opened", _("Opened")
    ROUTED = "ticket.routed", _("Routed")
    ROUTING_CUT = "ticket.routing_cut", _("Rules cut short")
    ASSIGNED = "ticket.assigned", _("Assigned")
    REPLIED = "ticket.replied", _("Replied")
    CUSTOMER_WROTE = "ticket.customer_wrote", _("Customer wrote")
    NOTED = "ticket.noted", _("Noted")
    STATUS = "ticket.status", _("Status changed")
    PRIORITY = "ticket.priority", _("Priority changed")
    TAGGED = "ticket.tagged", _("Tagged")
    LINKED = "ticket.linked", _("Linked")
    MERGED = "ticket.merged", _("Merged")
    SPLIT = "ticket.split", _("Split")
    CHANGED = "ticket.changed", _("Changed")
    SNOOZED = "ticket.snoozed", _("Snoozed")
    TRASHED = "ticket.trashed", _("Put away")
    RESTORED = "ticket.restored", _("Brought back")
    IMPORTED = "ticket.imported", _("Imported")
    RATED = "ticket.rated", _("Rated")
    REPLY_JUDGED = "ticket.reply_judged", _("Reply judged")
    FOLLOW_UP = "ticket.follow_up", _("To be followed up")
    FOLLOW_UP_LATE = "ticket.follow_up_late", _("Follow-up overdue")
    FOLLOWED_UP = "ticket.followed_up", _("Followed up")
    AUTO_REPLIED = "ticket.auto_replied", _("Answered by a rule")
    RULE_CALLED = "ticket.rule_called", _("Webhook called by a rule")
    MACRO = "ticket.macro", _("Macro applied")
    RULE_LEFT = "ticket.rule_left", _("Left undone by a rule")


class RuleEvent(models.TextChoices):
    """What sets off a routing rule."""

    ARRIVAL = "arrival", _("On arrival")
    CHANGE = "change", _("On change")
    QUIET = "quiet", _("After quiet time")


class Score(models.IntegerChoices):
    """What a customer says of how he was answered."""

    VERY_DISSATISFIED = 1, _("Very dissatisfied")
    DISSATISFIED = 2, _("Dissatisfied")
    NEITHER = 3, _("Neither, nor")
    SATISFIED = 4, _("Satisfied")
    VERY_SATISFIED = 5, _("Very satisfied")


class Deed(models.TextChoices):
    """What can be done to many tickets at once."""

    ASSIGNEE = "assignee", _("Assign to a person")
    TEAM = "team", _("Move to a team")
    STATUS = "status", _("Change the status")
    PRIORITY = "priority", _("Change the priority")
    TAG = "tag", _("Add a tag")
    UNTAG = "untag", _("Remove a tag")
    MERGE = "merge", _("Merge into one")
    REPLY = "reply", _("Answer with")
    MACRO = "macro", _("Apply the macro")


ACTIVE_STATUSES = (Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD)
MOVING_STATUSES = (Status.NEW, Status.OPEN, Status.ON_HOLD)
DONE_STATUSES = (Status.SOLVED, Status.CLOSED)

# What a ticket can stand still for in each status; the first where nothing is said.
WAITS: dict[str, tuple[Wait, ...]] = {
    Status.WAITING: (Wait.CUSTOMER, Wait.AGREED_DATE),
    Status.ON_HOLD: (Wait.SUPPLIER, Wait.COLLEAGUES, Wait.PLANNED_WORK, Wait.AGREED_DATE),
}

# For ordering and comparison; higher is more pressing.
PRIORITY_RANK = {Priority.LOW: 1, Priority.NORMAL: 2, Priority.HIGH: 3, Priority.URGENT: 4}

RELATION_BACK = {
    Relation.RELATED: _("related to"),
    Relation.DUPLICATE: _("duplicated by"),
    Relation.CAUSED_BY: _("causes"),
    Relation.FOLLOWS: _("followed by"),
    Relation.BLOCKS: _("blocked by"),
    Relation.SPLIT_FROM: _("split into"),
}
