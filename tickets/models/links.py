from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import Relation
from tickets.models.ticket import Ticket


class Link(models.Model):
    """A named relation from one ticket to another, shown on both (R19, R20)."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links_in")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("since"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_to_another"),
        ]

    def __str__(self) -> str:
        return f"#{self.source_id} {self.relation} #{self.target_id}"


class Merge(models.Model):
    """One ticket went into another; `moved` holds what is needed to take it apart again."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_out")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_in")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    merged_at = models.DateTimeField(_("merged"))
    moved = models.JSONField(_("moved"), default=dict)
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at=None), name="merge_into_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.source_id} into #{self.target_id}"
