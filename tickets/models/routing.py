from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.errors import NotAllowedNow
from people.models import Team
from tickets.enums import RuleEvent
from tickets.models.ticket import Ticket
from tickets.querysets import RoutingRuleQuerySet, RuleDeedQuerySet


class RoutingRule(models.Model):
    """What becomes of a ticket whose conditions hold: of arrivals the first in order decides (R56).

    `actions` are kept as `routing.grammar` checks them. `version` counts the changes: who edits an older one than is
    kept is shown the difference. A quiet rule counts `quiet_for` in its calendar's hours, without one in all hours.
    """

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveIntegerField(_("order"), default=100)
    event = models.CharField(_("when"), max_length=8, choices=RuleEvent.choices, default=RuleEvent.ARRIVAL)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    actions = models.JSONField(_("actions"), default=list, blank=True)
    goes_on = models.BooleanField(
        _("goes on"), default=False, help_text=_("The rules below are asked as well; what this one said stands.")
    )
    quiet_for = models.DurationField(_("nothing happened for"), null=True, blank=True)
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("in the hours of"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_catch_all = models.BooleanField(_("catch-all"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # Of a rule for quiet tickets: the version for which all open tickets have been given a moment to be looked at.
    known_to_all = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[RoutingRuleQuerySet] = RoutingRuleQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["is_catch_all", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_catch_all"], condition=Q(is_catch_all=True), name="routing_rule_one_catch_all"
            ),
            models.CheckConstraint(
                condition=Q(event="quiet", quiet_for__gt=timedelta()) | ~Q(event="quiet") & Q(quiet_for=None),
                name="routing_rule_quiet_for_so_long",
                violation_error_message=_("A rule for quiet tickets says for how long nothing has happened."),
            ),
            models.CheckConstraint(
                condition=Q(is_catch_all=False) | Q(event="arrival", is_enabled=True),
                name="routing_rule_catch_all_is_on",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The last one stays: without it a ticket could be nobody's (R59)."""
        if self.is_catch_all:
            raise NotAllowedNow(_now("The catch-all cannot be removed: what no rule takes goes to it."))
        return super().delete(*args, **kwargs)


class RoutingTurn(models.Model):
    """Who had the last turn of a rule in a team (R57). Held by a lock from the choice to the end of its transaction."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="turns")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    # No relation: whoever it was may be gone, and it is still known who comes after.
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "team"], name="routing_turn_one_each")]

    def __str__(self) -> str:
        return f"{self.rule}, {self.team}: {self.last}"


class RoutingRuleVersion(models.Model):
    """A rule as it was after each change; `content` is what `routing.editing` puts back."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="routing_rule_version_once")]

    def __str__(self) -> str:
        return f"{self.rule}, {self.number}"


class RoutingLook(models.Model):
    """When the rules look at a ticket again, at a change or after quiet; a round takes what is due (DESIGN §3.1).

    `changed`: something has happened since the last look. `held`: the rules for changes that held at that look, by
    their marks, so that one fires when it comes to hold; None before the first.
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="routing_look")
    next_moment = models.DateTimeField(null=True)
    changed = models.BooleanField(default=False)
    held = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["next_moment"], condition=Q(next_moment__isnull=False), name="routing_look_due")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class QuietFiring(models.Model):
    """A rule has fired for one quiet spell of a ticket, which began when something last happened; once each."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    quiet_since = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "rule", "quiet_since"], name="quiet_firing_once_a_spell")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}, {self.rule}"


class AwaitedOwner(models.Model):
    """A rule wanted an owner and nobody could be: the ticket waits until somebody is back or has room.

    `action` is the rule's own as it was then, `severity` what the rule thought of the matter.
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="awaited_owner")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.SET_NULL, related_name="+")
    rule_name = models.CharField(max_length=80, blank=True)
    action = models.JSONField(default=dict)
    severity = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.ticket_id}, {self.team}"


class RuleDeed(models.Model):
    """What a rule that fired owes a ticket, left in the transaction of its firing: a letter, done once by a round.

    The floor above answers those that escalate. `rule_key` is no relation: what a rule has done stays when it goes.
    `left` says why it came to nothing.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_deeds")
    rule_key = models.BigIntegerField()
    rule_name = models.CharField(max_length=80)
    do = models.CharField(max_length=8)
    action = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    left = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    objects: ClassVar[RuleDeedQuerySet] = RuleDeedQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "rule_key", "do"],
                condition=Q(do__in=("reply", "propose", "open")),
                name="rule_deed_once_for_ticket_and_rule",
            )
        ]
        indexes = [models.Index(fields=["at"], condition=Q(done_at=None), name="rule_deed_owed")]

    def __str__(self) -> str:
        return f"#{self.ticket_id}, {self.rule_name}: {self.do}"


class RoutingDryRun(models.Model):
    """The tickets of the last days to be put to the rules, by a worker; what it has found is kept for a week.

    `draft`: a rule to be tried among the others, as a version keeps it, and in `instead_of` the key of the one whose
    place it takes. A worker holds it until `claimed_until`, and says after each stretch how far it has come.
    """

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    days = models.PositiveSmallIntegerField()
    draft = models.JSONField(null=True)
    of = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.JSONField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(finished_at__isnull=True), name="routing_dry_run_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.days}, {self.asked_at}"
