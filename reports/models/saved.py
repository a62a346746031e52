"""Reports that somebody has saved."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from reports.enums import Every


class SavedReport(models.Model):
    """A report as somebody asks for it, under a name: his own, a team's, or everybody's; by mail where it has an hour.

    `next_moment` is when it is sent next; `next_try_at` the same, or later where that has failed.
    """

    name = models.CharField(_("name"), max_length=60)
    report = models.CharField(_("report"), max_length=40)
    query = models.JSONField(_("asked for"), default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_reports")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_reports")
    is_shared = models.BooleanField(_("for everybody"), default=False)
    every = models.CharField(_("by mail"), max_length=5, choices=Every.choices, blank=True, default=Every.NEVER)
    day = models.PositiveSmallIntegerField(_("day"), default=0)
    hour = models.PositiveSmallIntegerField(_("hour"), default=8)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    next_moment = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(next_try_at__isnull=False), name="saved_report_due")
        ]

    def __str__(self) -> str:
        return self.name
