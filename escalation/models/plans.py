"""The action plan (R41, R44)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation


class PlanTask(models.Model):
    """A task of the current action plan (R41); `plan_version` counts the plan's revisions."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="plan_tasks")
    plan_version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("task"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["plan_version", "position", "pk"]

    def __str__(self) -> str:
        return self.title
