"""Whom it harms (R17), and who of them can work again (R25, R48)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation
from escalation.querysets import AffectedQuerySet
from tickets.models import Ticket


class AffectedCustomer(models.Model):
    """One customer whom an escalation harms. The requester of its ticket is always among them.

    `ticket` is the customer's own about it, where one is known. `left_out` says why no update is owed to him. Access is
    settled when `access_at` is set: confirmed, or with the reason why nobody waits for it.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="affected", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+"
    )
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="affected_by")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(_("added"))
    left_out = models.TextField(_("why no update goes to him"), blank=True)
    access_at = models.DateTimeField(_("access settled"), null=True, blank=True)
    access_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    access_waived = models.TextField(_("why access is not waited for"), blank=True)

    objects: ClassVar[AffectedQuerySet] = AffectedQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["escalation", "person"], name="affected_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.escalation}"
