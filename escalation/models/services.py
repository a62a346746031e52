"""Which services an escalation is about (R18), and who inside hears of it (R29)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation
from people.enums import Role
from people.models import Organisation
from tickets.models import Service


class AffectedService(models.Model):
    escalation = models.ForeignKey(
        Escalation, on_delete=models.CASCADE, related_name="affected_services", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["service__name"]
        constraints = [models.UniqueConstraint(fields=["escalation", "service"], name="affectedservice_once")]

    def __str__(self) -> str:
        return f"{self.service} in {self.escalation}"


class Stakeholder(models.Model):
    """Somebody at the desk who is told of severe escalations (R29): of a service, of a customer, or of all."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    severity_to = models.PositiveSmallIntegerField(
        _("up to severity"),
        choices=[(n, f"S{n}") for n in range(1, 5)],
        default=2,
        help_text=_("Told of severity 1 up to this one."),
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "service", "organisation"], name="stakeholder_once"),
            models.CheckConstraint(condition=models.Q(severity_to__range=(1, 4)), name="stakeholder_severity_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.person} up to S{self.severity_to}"

    def clean(self) -> None:
        """Internal words go to people who work here."""
        super().clean()
        if self.person_id is not None and self.person.role == Role.CUSTOMER:
            raise ValidationError({"person": _("A customer is no internal stakeholder.")})
