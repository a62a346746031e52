"""Prepared updates, and how often an update is owed."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Audience, Purpose


class UpdateTemplate(models.Model):
    """A prepared update with placeholders, in one language; of one name and audience it is one in many."""

    name = models.CharField(_("name"), max_length=80)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.UPDATE)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    severity_from = models.PositiveSmallIntegerField(_("severity from"), default=1)
    severity_to = models.PositiveSmallIntegerField(_("severity to"), default=4)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(fields=["name", "audience", "language"], name="updatetemplate_once"),
            models.CheckConstraint(
                condition=models.Q(
                    severity_from__gte=1, severity_to__lte=4, severity_from__lte=models.F("severity_to")
                ),
                name="updatetemplate_severity_1_to_4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Cadence(models.Model):
    """How often somebody must hear of an escalation of this severity (R36); without a row nothing is owed."""

    severity = models.PositiveSmallIntegerField(_("severity"), choices=[(n, f"S{n}") for n in range(1, 5)], unique=True)
    minutes = models.PositiveIntegerField(_("an update every so many minutes"), validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["severity"]
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="cadence_severity_1_to_4"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="cadence_at_least_a_minute"),
        ]

    def __str__(self) -> str:
        return f"S{self.severity}: {self.minutes}"
