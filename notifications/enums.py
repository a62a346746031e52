from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Nothing ends unsent: `waiting` until a recorded success (DESIGN §3.4)."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    STOPPED = "stopped", _("Stopped by a person")


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
