from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import State
from escalation.models.escalation import Escalation


class StepSpell(models.Model):
    """How long an escalation stood at a step that it has left; where it stands now its own row says."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="step_spells")
    state = models.CharField(_("step"), max_length=14, choices=State.choices)
    ended_at = models.DateTimeField(_("until"))
    seconds = models.PositiveBigIntegerField(_("seconds"))

    class Meta:
        indexes = [models.Index(fields=["state", "-ended_at", "seconds"], name="step_spell_newest")]

    def __str__(self) -> str:
        return f"{self.escalation_id} {self.state}"
