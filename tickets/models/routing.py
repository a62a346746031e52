from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team


class RoutingRule(models.Model):
    """Where a new ticket goes; the first rule in order whose conditions hold decides (R56)."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveIntegerField(_("order"), default=100)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="+")
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
