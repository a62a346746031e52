from django.db import models
from django.utils.translation import gettext_lazy as _


class Every(models.TextChoices):
    """How often a saved report is sent."""

    NEVER = "", _("Not by mail")
    DAY = "day", _("Every day")
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")


class RunState(models.TextChoices):
    """What becomes of what was learned in a night."""

    SHADOW = "shadow", _("In shadow")
    LIVE = "live", _("Live")
    REPLACED = "replaced", _("Replaced by a better one")
    RETIRED = "retired", _("Switched off")
    TOO_LITTLE = "too_little", _("Too little to learn from")


class Wished(models.TextChoices):
    """Which way a figure should go."""

    HIGHER = "higher", _("Up")
    LOWER = "lower", _("Down")


class Verdict(models.TextChoices):
    """What a measurement says of what was done (R85)."""

    WORKS = "works", _("Works")
    WORSE = "worse", _("Worse")
    CHANCE = "chance", _("No difference that can be told from chance")
    TOO_FEW = "too_few", _("Too few cases to say")
