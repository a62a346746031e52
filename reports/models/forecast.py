from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.enums import RunState
from tickets.models import Ticket


class ForecastTerms(models.Model):
    """Whether the desk wants a forecast, and how much of it a team can look at. Without the row: these defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_wanted = models.BooleanField(_("forecast escalations"), default=True)
    looks = models.PositiveSmallIntegerField(
        _("tickets that one person can look at besides"),
        default=3,
        help_text=_("So many for each of a team who is there are shown as likely to be escalated, and no more."),
    )

    class Meta:
        verbose_name = _("terms of the forecast")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="forecastterms_is_one"),
            models.CheckConstraint(condition=models.Q(looks__gte=1, looks__lte=50), name="forecastterms_looks"),
        ]

    def __str__(self) -> str:
        return str(_("What is coming"))


class ForecastRun(models.Model):
    """What was learned in one night, how it was judged, and what became of it (R74).

    `card` is numbers only (`reports.forecast.scorecard`); `judged` what the held-out weeks said when it was made, and
    `judged_again` what the newest weeks say of it since.
    """

    state = models.CharField(_("state"), max_length=10, choices=RunState.choices)
    made_at = models.DateTimeField(_("learned"))
    ended_at = models.DateTimeField(_("until"), null=True)
    seconds = models.FloatField(_("seconds"), default=0)
    learned_from = models.PositiveIntegerField(_("rows"), default=0)
    card = models.JSONField(default=dict)
    judged = models.JSONField(default=dict)
    judged_again = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state=RunState.LIVE), name="forecastrun_one_is_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.state}"


class Outlook(models.Model):
    """What is coming for one open ticket, as of the last round.

    `chance` and `reasons` are the run's word, None without one; `turn_at` is when its team comes to it at its pace,
    with `ahead` before it, and None where nobody is there to come. Without `due_at` no promise of it is running.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="outlook", primary_key=True)
    run = models.ForeignKey(ForecastRun, null=True, on_delete=models.CASCADE, related_name="outlooks")
    at = models.DateTimeField(_("as of"))
    chance = models.FloatField(_("chance"), null=True)
    reasons = models.JSONField(default=list)
    due_at = models.DateTimeField(_("due"), null=True)
    turn_at = models.DateTimeField(_("its turn"), null=True)
    ahead = models.PositiveIntegerField(_("before it"), null=True)
    is_too_late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["-chance"], condition=models.Q(chance__isnull=False), name="outlook_by_chance"),
            models.Index(fields=["due_at"], condition=models.Q(is_too_late=True), name="outlook_too_late"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"
