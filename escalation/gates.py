"""What a procedure may ask for before a step is left: the names, and whether a list of them can be meant so. Pure.

A name that means nothing would be a gate that is not there, so it is refused where it is written, told by
`manage.py check --database default` where it is stored, and unmet where it is asked for.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from escalation.enums import State

# The steps that have an exit. `escalation.conditions.RULES` answers each of the names; a test compares the two.
GATED = (State.INITIATED, State.COMMUNICATING, State.RESOLVING, State.RESOLVED)
GUIDE_FOLLOWED = "guide_followed"
NAMES = (
    "hand_off_accepted",
    "acknowledged",
    "impact_known",
    "customers_informed",
    "stakeholders_informed",
    "next_update_promised",
    "plan_owned",
    "customer_answered",
    "plan_done",
    "verified",
    "access_confirmed",
    "ticket_solved",
    "notices_sent",
    "technical_plan_accepted",
    "related_resolved",
    "review_requested",
    "analysis_submitted",
    GUIDE_FOLLOWED,
    "cause_chosen",
)


def mistake(conditions: Any) -> str:
    """The first thing that is wrong with the conditions of a procedure, in one sentence; empty where nothing is."""
    if not isinstance(conditions, Mapping):
        return _("Give the names of the conditions for each step, as in {“resolved”: [“verified”]}.")
    for state, names in conditions.items():
        if state not in GATED:
            return _unknown(_("There is no step “%(name)s” to leave; the steps are %(known)s."), state, GATED)
        if not isinstance(names, list):
            return _("The conditions of “%(step)s” are a list of names.") % {"step": state}
        for name in names:
            if name not in NAMES:
                return _unknown(_("There is no condition “%(name)s”; did you mean %(known)s?"), name, NAMES)
    return ""


def _unknown(sentence: str, name: Any, known: tuple[str, ...]) -> str:
    near = get_close_matches(str(name), known, n=2) or known
    return sentence % {"name": str(name)[:60], "known": ", ".join(near)}
