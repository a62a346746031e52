"""Named relations of an escalation to others and to tickets (R19)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escalation.enums import INVERSE, LinkRelation
from escalation.models.escalation import Escalation
from tickets.models import Ticket


class EscalationLink(models.Model):
    """`source` stands in the `relation` to the other end: an escalation, the `target`, or a ticket.

    Between two escalations it is stored one way round alone (`escalation.relations`), so that “parent of” one way and
    “child of” the other are the same row.
    """

    source = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="links_out", db_index=False)
    target = models.ForeignKey(Escalation, null=True, on_delete=models.CASCADE, related_name="links_in")
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.CASCADE, related_name="escalation_links", db_index=False
    )
    relation = models.CharField(_("relation"), max_length=9, choices=LinkRelation.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(_("since"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="escalation_link_once"),
            models.UniqueConstraint(fields=["ticket", "source", "relation"], name="escalation_link_to_ticket_once"),
            models.CheckConstraint(
                condition=Q(target__isnull=True, ticket__isnull=False) | Q(target__isnull=False, ticket__isnull=True),
                name="escalation_link_to_one",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target=F("source")), name="escalation_link_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"E-{self.source_id} {self.relation} {self.far_end}"

    @property
    def far_end(self) -> str:
        """The end that is not the source, as it is written everywhere."""
        return f"E-{self.target_id}" if self.ticket_id is None else f"#{self.ticket_id}"

    def seen_from(self, escalation: Escalation) -> LinkRelation:
        """How this escalation stands to the other end."""
        return LinkRelation(self.relation) if escalation.pk == self.source_id else self.seen_from_afar()

    def seen_from_afar(self) -> LinkRelation:
        """How the end that is not the source stands to it."""
        return INVERSE[LinkRelation(self.relation)]
