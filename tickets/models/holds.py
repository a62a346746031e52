from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Organisation
from tickets.models.ticket import Ticket


class Hold(models.Model):
    """Nothing of this ticket, or of this customer's tickets, is removed by its age: a dispute, an audit, the law."""

    ticket = models.OneToOneField(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="hold")
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="hold"
    )
    reason = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ticket=None, organisation__isnull=False)
                | models.Q(ticket__isnull=False, organisation=None),
                name="hold_of_a_ticket_or_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}" if self.ticket_id else str(self.organisation)
