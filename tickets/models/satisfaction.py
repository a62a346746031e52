from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, Team
from tickets.enums import Score
from tickets.models.ticket import Ticket


class Rating(models.Model):
    """What the customer thinks of how his ticket was solved (R88): one answer a ticket, its latest.

    Whom it is about is written down as it was when the answer was given: the ticket goes on, and may go elsewhere.
    What an answer was before it changed stands on the timeline.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="rating")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("score"), choices=Score.choices)
    comment = models.TextField(_("comment"), blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="ratings")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="earned_ratings"
    )
    given_at = models.DateTimeField(_("given"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "changed_at"], name="rating_by_organisation"),
            models.Index(fields=["by", "changed_at"], name="rating_by_person"),
            models.Index(fields=["changed_at"], name="rating_by_time"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="rating_from_1_to_5")]

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.score}"

    @property
    def is_low(self) -> bool:
        """So low that the matter should perhaps be taken up again (R88)."""
        return self.score <= Score.DISSATISFIED


class FollowUp(models.Model):
    """A low answer calls for a word with the customer (R89): whose it is, and by when. One open a ticket.

    `due_at` that passes alerts the team's managers once; it stays open until somebody says how it ended.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="follow_ups")
    score = models.PositiveSmallIntegerField(_("score"), choices=Score.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="follow_ups")
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    next_moment = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(_("missed"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.TextField(_("how it ended"), blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="follow_up_next_moment"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(done_at__isnull=True), name="one_open_follow_up"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id} after {self.score}"
