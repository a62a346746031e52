"""The action plan, version by version, and what a new one begins with (R41, R44)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import PlanOwner, Reason
from escalation.models.escalation import Escalation

TITLE_LIMIT = 200
# A year.
LONGEST_MINUTES = 525_600


class PlanTask(models.Model):
    """A task of the current action plan (R41); `plan_version` counts the plan's revisions."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="plan_tasks")
    plan_version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("task"), max_length=TITLE_LIMIT)
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


class PlanVersion(models.Model):
    """Who made which version of the plan, when and why (R44); its tasks are those of the same number."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="plan_versions")
    number = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=500, blank=True, help_text=_("The first version needs none."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["escalation", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.number}"


class PlanTemplate(models.Model):
    """Tasks that a new plan begins with, by what is known of the escalation (R41). All that fit are taken together."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    severity_from = models.PositiveSmallIntegerField(_("severity from"), default=1)
    severity_to = models.PositiveSmallIntegerField(_("severity to"), default=4)
    service = models.SlugField(_("service"), blank=True, help_text=_("Short name; empty for every service."))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    tasks = models.JSONField(
        _("tasks"),
        default=list,
        help_text=_("A list of {title, owner, minutes}: owner is a role, minutes count from the making of the plan."),
    )
    order = models.PositiveIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Every line has a title, an owner that is known and a number of minutes that can be added to a time."""
        if not isinstance(self.tasks, list) or not all(_is_task(task) for task in self.tasks):
            known = ", ".join(PlanOwner.values)
            raise ValidationError(
                {"tasks": _("Each task is {title, owner, minutes}; an owner is one of %(known)s.") % {"known": known}}
            )


def _is_task(task: object) -> bool:
    if not isinstance(task, dict):
        return False
    title, owner, minutes = task.get("title"), task.get("owner", ""), task.get("minutes", 60)
    whole = isinstance(minutes, int) and 0 <= minutes <= LONGEST_MINUTES
    return isinstance(title, str) and 0 < len(title) <= TITLE_LIMIT and owner in {"", *PlanOwner.values} and whole
