"""The task force of one escalation, and its technical plan (R27, R28, R45)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models import Room
from escalation.enums import Verdict
from escalation.models.escalation import Escalation


class TaskForce(models.Model):
    """Formed for the event, suspended when it is declared resolved; the room is its own (R63)."""

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="task_force")
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="+")
    formed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    formed_at = models.DateTimeField()
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)

    def __str__(self) -> str:
        return f"Task force of {self.escalation}"


class TaskForceMember(models.Model):
    """Somebody on it; `freed_at` is when the force was suspended and he was free for other work."""

    force = models.ForeignKey(TaskForce, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="task_forces")
    is_expert = models.BooleanField(_("expert"), default=False)
    joined_at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["force", "person"], name="task_force_member_once")]

    def __str__(self) -> str:
        return f"{self.person} on {self.force}"


class TechnicalPlan(models.Model):
    """A version of how the task force means to resolve it; no task list, which is the action plan's."""

    force = models.ForeignKey(TaskForce, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("plan"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["force", "version"], name="technical_plan_once")]

    def __str__(self) -> str:
        return f"{self.force}, plan {self.version}"


class PlanReview(models.Model):
    """What an expert says of one version (R28); a second word of his stands beside the first, and counts."""

    plan = models.ForeignKey(TechnicalPlan, on_delete=models.CASCADE, related_name="reviews")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict.choices)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.expert}: {self.verdict}"
