"""What a rule or a macro can do, by name: one thing each, and what exists at this desk for it to name. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

MOST_ACTIONS = 12
BEST_LEVEL = 5
SEVERITIES = (1, 2, 3, 4)


class Do(models.TextChoices):
    TEAM = "team", gettext_lazy("Team")
    ASSIGN = "assign", gettext_lazy("Owner")
    TAG = "tag", gettext_lazy("Tag")
    PRIORITY = "priority", gettext_lazy("Priority")
    SEVERITY = "severity", gettext_lazy("Severity")
    REPLY = "reply", gettext_lazy("Quick reply")
    NOTE = "note", gettext_lazy("Internal note")
    WEBHOOK = "webhook", gettext_lazy("Webhook")
    PROPOSE = "propose", gettext_lazy("Propose an escalation")
    OPEN = "open", gettext_lazy("Open an escalation")
    MACRO = "macro", gettext_lazy("Macro")
    OWNER = "owner", gettext_lazy("Assign to")
    UNTAG = "untag", gettext_lazy("Remove a tag")
    STATUS = "status", gettext_lazy("Status")
    GUIDE = "guide", gettext_lazy("Link a procedure")


class Owner(models.TextChoices):
    """How the one who gets it is found among a team."""

    ROUND_ROBIN = "round_robin", gettext_lazy("Round robin")
    LEAST_LOADED = "least_loaded", gettext_lazy("Whoever has the fewest")
    MOST_SKILLED = "most_skilled", gettext_lazy("Whoever knows it best")
    LEAD = "lead", gettext_lazy("The team's lead")
    ON_DUTY = "on_duty", gettext_lazy("Whoever is on duty")


class Raise(models.TextChoices):
    """The way of an escalation that a rule wants."""

    FUNCTIONAL = "functional", gettext_lazy("To a team with the skill")
    HIERARCHICAL = "hierarchical", gettext_lazy("To someone with the authority")


# What is done after the decision, by a letter of its own; the rest is said of the ticket at once.
EFFECTS = (Do.REPLY, Do.NOTE, Do.WEBHOOK, Do.PROPOSE, Do.OPEN)
ESCALATES = (Do.PROPOSE, Do.OPEN)
# What a rule may do by itself, and what a person's macro may; of a macro a rule does what both may.
IN_MACROS = (
    *(Do.TEAM, Do.OWNER, Do.TAG, Do.UNTAG, Do.PRIORITY, Do.STATUS),
    *(Do.REPLY, Do.NOTE, Do.GUIDE),
)
IN_RULES = tuple(do for do in Do if do not in {Do.OWNER, Do.UNTAG, Do.STATUS, Do.GUIDE})
# Whoever applies a macro.
ME = "me"


@dataclass(frozen=True, slots=True)
class Action:
    """`skill`, `level`, `senior` and `on_duty` narrow whom a ticket is given to; the rest is of escalations."""

    do: str
    value: str | int
    skill: str = ""
    level: int = 0
    senior: bool = False
    on_duty: bool = False
    team: str = ""
    severity: int = 0
    reason: str = ""
    ladder: str = ""

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        return {name: value for name, value in said.items() if name in {"do", "value"} or value}


@dataclass(frozen=True, slots=True)
class Known:
    """What exists at this desk for actions to name: teams by short name; the rest where it is asked for.

    `replies` are titles of quick replies, `endpoints` names of programs that are called by webhook, `reasons` and
    `ladders` are the escalations', `macros` what each does, `people` names by address, `guides` titles by short name.
    None was not asked for.
    """

    teams: Mapping[str, str] = field(default_factory=dict)
    skills: frozenset[str] | None = None
    replies: frozenset[str] | None = None
    endpoints: frozenset[str] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    ladders: frozenset[str] | None = None
    macros: Mapping[str, tuple[Action, ...]] | None = None
    people: Mapping[str, str] | None = None
    guides: Mapping[str, str] | None = None


class Mistake(ValueError):
    """One sentence for a person."""
