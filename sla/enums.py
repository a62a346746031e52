from collections.abc import Collection, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Metric(models.TextChoices):
    FIRST_RESPONSE = "first_response", _("First reply")
    NEXT_RESPONSE = "next_response", _("Next reply")
    PERIODIC_UPDATE = "periodic_update", _("Update")
    PROMISED_UPDATE = "promised_update", _("Promised update")
    RESOLUTION = "resolution", pgettext_lazy("what is promised", "Resolve")
    INTERNAL = "internal", _("Internal")


class AppliesTo(models.TextChoices):
    """Whose promises a new version changes."""

    NEW = "new", _("New tickets only")
    NEW_AND_OPEN = "new_and_open", _("New and open tickets")


# What a policy can promise a customer. An update's time is promised by a person in a reply, and no policy moves it;
# an internal target is agreed between the teams and no promise to anybody outside.
POLICY_METRICS = tuple(metric for metric in Metric if metric not in {Metric.PROMISED_UPDATE, Metric.INTERNAL})
POLICY_METRIC_CHOICES = [(metric.value, metric.label) for metric in POLICY_METRICS]

# Per cent of a target at which the owner is warned, where nothing else was said.
WARN_AT = 75
# No target is longer than a year.
LONGEST_SECONDS = 366 * 24 * 3600


class ObligationStep(models.TextChoices):
    """What a ticket may not come to before the facts are there."""

    WORK = "work", _("Before work starts")
    SOLVE = "solve", _("Before it is solved")


class DutyOutcome(models.TextChoices):
    """How an obligation fared when a ticket came to leave its step; each is a line that is only ever added."""

    MET = "met", _("Known when the step was left")
    HELD = "held", _("Held up")
    BY_CUSTOMER = "by_customer", _("The customer ended it")
    BY_ITSELF = "by_itself", _("Merged, or done by the desk itself")
    LATER = "later", _("The obligation came after the step")


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    CANCELLED = "cancelled", _("Cancelled")


class EntryKind(models.TextChoices):
    """What a line of a clock's ledger says; lines are only ever added."""

    STARTED = "started", _("Started")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Running again")
    RETARGETED = "retargeted", _("Target changed")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    CANCELLED = "cancelled", _("Cancelled")
    REOPENED = "reopened", _("Reopened")
    SET_ASIDE = "set_aside", _("Set aside")


class ThresholdAction(models.TextChoices):
    """What is done when a threshold is reached; in this order."""

    NOTIFY = "notify", _("Alert")
    TAG = "tag", _("Add a tag")
    RAISE = "raise", _("Raise the priority")
    REASSIGN = "reassign", _("Give it to a team")
    ESCALATE = "escalate", _("Escalate")


class Told(models.TextChoices):
    """Whom a threshold alerts."""

    OWNER = "owner", _("the owner")
    LEAD = "lead", _("the team's lead")
    MANAGERS = "managers", _("the team's managers")
    TEAM = "team", _("everybody in the team")


def stops(pauses: Mapping[str, Collection[str]], waits_for: str, metric: str) -> bool:
    """Whether a clock of that metric stands still while its ticket waits for that, by these pauses of a policy.

    A team's own clock does when the promise to solve does: so the teams' times add up to the customer's.
    """
    asked = Metric.RESOLUTION if metric == Metric.INTERNAL else metric
    return asked in pauses.get(waits_for, ())


def team_key(team_id: int | None) -> str:
    """Under which a team's clock stands among a ticket's clocks, the others by their metric."""
    return f"{Metric.INTERNAL}:{team_id}"
