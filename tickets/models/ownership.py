from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from tickets.models.ticket import Ticket


class OwnerSpell(models.Model):
    """From when to when a ticket was whose; without an owner it was nobody's, which is what R82 counts."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="owner_spells")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at=None), name="owner_spell_one_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["started_at"], condition=models.Q(owner=None), name="owner_spell_unowned")]

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.owner or self.team}"
