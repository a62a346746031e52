from django.db import models
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """What a customer is asked about."""

    TICKET = "ticket", _("A request that was solved")
    ESCALATION = "escalation", _("An escalation that was closed")
    CAMPAIGN = "campaign", _("The desk as a whole")


class Standing(models.TextChoices):
    """How far a question has come."""

    PLANNED = "planned", _("Planned")
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    SPARED = "spared", _("Not asked")


class Spared(models.TextChoices):
    """Why somebody was not asked after all."""

    OVERTAKEN = "overtaken", _("It went on, or was answered on the page")
    ASKED_LATELY = "lately", _("He was asked something lately")
    NO_ADDRESS = "address", _("No mail reaches him")
    SWITCHED_OFF = "off", _("Questions by mail are switched off")
