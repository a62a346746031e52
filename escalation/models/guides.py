"""Which steps of its guide have been taken, by whom and when (R70)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation


class GuideTick(models.Model):
    """A step of the version that was in force when the escalation began. Taking it back is on the timeline."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="guide_ticks", db_index=False)
    step = models.PositiveSmallIntegerField(_("step"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("ticked"))

    class Meta:
        ordering = ["step"]
        constraints = [models.UniqueConstraint(fields=["escalation", "step"], name="guide_tick_once")]

    def __str__(self) -> str:
        return f"{self.escalation.reference}: {self.step}"
