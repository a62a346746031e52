"""Who answers for which part of one escalation (R24–R26)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Duty
from escalation.models.escalation import Escalation


class Responsibility(models.Model):
    """A person holds a duty on one escalation; where nobody does, its escalation manager may."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="responsibilities")
    role = models.CharField(_("role"), max_length=20, choices=Duty.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="responsibilities")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["role"]
        constraints = [models.UniqueConstraint(fields=["escalation", "role"], name="responsibility_once")]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.role}"


class Kudos(models.Model):
    """A good word for somebody who did well on it (R94)."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="kudos")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kudos")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.CharField(_("words"), max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["escalation", "to", "by"], name="kudos_once")]
        verbose_name_plural = _("kudos")

    def __str__(self) -> str:
        return f"{self.escalation}: {self.to}"
