"""What is done so that it does not come again, whoever found it out (R92)."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import LearnedIn
from escalation.models.deadlines import Deadline
from escalation.models.escalation import Escalation
from escalation.querysets import TrackedActionQuerySet
from tickets.models import Ticket


class TrackedAction(models.Model):
    """Decided in the analysis or in the review of an escalation, and tracked until it is done.

    Its `deadline` is there once it is owed: of an action of the analysis from when that is submitted.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="actions")
    learned_in = models.CharField(_("learned in"), max_length=8, choices=LearnedIn.choices)
    title = models.CharField(_("action"), max_length=200)
    # Where it stands among those of an analysis, which are put in an order by whoever writes it.
    place = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tracked_actions"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    for_customers = models.BooleanField(_("customers may be told"), default=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    task = models.OneToOneField(
        Ticket, verbose_name=_("task"), null=True, blank=True, on_delete=models.SET_NULL, related_name="prevents"
    )
    deadline = models.OneToOneField(Deadline, null=True, on_delete=models.SET_NULL, related_name="tracked")

    objects: ClassVar[TrackedActionQuerySet] = TrackedActionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, now: datetime) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at <= now
