from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways by which an alert leaves the house; the page of alerts is none of them: it always has all."""

    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Browser")
    MESSENGER = "messenger", _("Messenger")
    WEBHOOK = "webhook", _("Webhook")


class DeliveryState(models.TextChoices):
    """Nothing ends unsent: `waiting` until a recorded success (DESIGN §3.4), or in another that is sent."""

    NEW = "new", _("Just written")
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    MERGED = "merged", _("In a digest")
    UNWANTED = "unwanted", _("Not wanted by its reader")
    STOPPED = "stopped", _("Stopped")


UNSENT = (DeliveryState.NEW, DeliveryState.WAITING, DeliveryState.SENDING)


class Held(models.TextChoices):
    """Why an alert waits though nothing is wrong."""

    QUIET = "quiet", _("Until the quiet hours end")
    DIGEST = "digest", _("Collecting for a digest")


class AlertKind(models.TextChoices):
    WARNING = "warning", _("Promise at risk")
    BREACH = "breach", _("Promise missed")
    ESCALATION = "escalation", _("Escalation")
    APPROVAL = "approval", _("Decision asked")
    DECISION = "decision", _("Decision made")
    OVERDUE = "overdue", _("Step overdue")
    REPLY = "reply", _("Customer replied")
    STATUS = "status", _("Status changed")
    MENTION = "mention", _("You are mentioned")
    HANDED = "handed", _("Handed to you")
    AWAKE = "awake", _("Back from its rest")
    DELIVERY = "delivery", _("Message not delivered")


class HookEvent(models.TextChoices):
    """What a program can ask to be called of: a part of the API, never renamed (docs/api.md)."""

    TICKET_CREATED = "ticket.created", _("Ticket opened")
    TICKET_UPDATED = "ticket.updated", _("Ticket changed")
    TICKET_REPLIED = "ticket.replied", _("Ticket answered, by the customer or by us")
    TICKET_CLOSED = "ticket.closed", _("Ticket solved or closed")
    ESCALATION_OPENED = "escalation.opened", _("Escalation opened")
    ESCALATION_STEP = "escalation.step_changed", _("Escalation went to another step")
    ESCALATION_ACKNOWLEDGED = "escalation.acknowledged", _("Escalation acknowledged")
    ESCALATION_CLOSED = "escalation.closed", _("Escalation ended")
    BREACHED = "sla.breached", _("Target of a policy missed")
    PROMISE_MISSED = "promise.missed", _("Promise of an escalation missed")
