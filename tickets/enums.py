from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting on customer")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


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


class EventKind(models.TextChoices):
    """The timeline's vocabulary; floors above add their own words under their own prefix."""

    OPENED = "ticket.opened", _("Opened")
    ROUTED = "ticket.routed", _("Routed")
    ASSIGNED = "ticket.assigned", _("Assigned")
    REPLIED = "ticket.replied", _("Replied")
    CUSTOMER_WROTE = "ticket.customer_wrote", _("Customer wrote")
    NOTED = "ticket.noted", _("Noted")
    STATUS = "ticket.status", _("Status changed")
    PRIORITY = "ticket.priority", _("Priority changed")
    TAGGED = "ticket.tagged", _("Tagged")


ACTIVE_STATUSES = (Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD)
DONE_STATUSES = (Status.SOLVED, Status.CLOSED)

# For ordering and comparison; higher is more pressing.
PRIORITY_RANK = {Priority.LOW: 1, Priority.NORMAL: 2, Priority.HIGH: 3, Priority.URGENT: 4}
