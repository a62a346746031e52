"""The procedures that every desk begins with, and how one is chosen.

A procedure lists, for each state, the names of the conditions that must hold before it is left (R16). The major
procedure asks for what R35–R55 ask; a missed first reply of severity 4 is not a major incident (DESIGN §4).
"""

from typing import Any

from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from escalation.enums import Kind, State
from escalation.models import Procedure

MAJOR = {
    State.INITIATED: ["hand_off_accepted", "acknowledged", "impact_known"],
    State.COMMUNICATING: ["customers_informed", "stakeholders_informed", "plan_owned", "next_update_promised"],
    State.RESOLVING: ["plan_done", "technical_plan_accepted"],
    State.RESOLVED: [
        *("verified", "notices_sent", "access_confirmed", "ticket_solved", "related_resolved"),
        *("review_requested", "analysis_submitted", "cause_chosen"),
    ],
}
SMALL = {
    State.INITIATED: ["acknowledged"],
    State.RESOLVING: ["customer_answered"],
    State.RESOLVED: ["cause_chosen"],
}
# Nothing goes on with a ticket whose new team has not said that it takes it (R42).
HANDED = {**SMALL, State.INITIATED: ["hand_off_accepted", "acknowledged"]}
APPROVED = {State.RESOLVING: ["customer_answered"], State.RESOLVED: ["cause_chosen"]}

EXCEPTION: dict[str, Any] = {
    "name": "Exception",
    "kind": Kind.HIERARCHICAL,
    "conditions": APPROVED,
    "is_exception": True,
    "order": 50,
}
DEFAULTS: list[dict[str, Any]] = [
    {"name": "Major matter", "severity_from": 1, "severity_to": 2, "conditions": MAJOR, "order": 10},
    {"name": "Missed promise", "kind": Kind.AUTOMATIC, "severity_from": 3, "conditions": SMALL, "order": 20},
    {
        "name": "Hand-over to another team",
        "kind": Kind.FUNCTIONAL,
        "severity_from": 3,
        "conditions": HANDED,
        "order": 30,
    },
    {
        "name": "Decision by a manager",
        "kind": Kind.HIERARCHICAL,
        "severity_from": 3,
        "conditions": APPROVED,
        "order": 40,
    },
    EXCEPTION,
    {"name": "Standard", "conditions": SMALL, "order": 1000},
]


def install_procedures() -> None:
    """Add the default procedures that are missing; those that are there stay as they were edited."""
    for fields in DEFAULTS:
        Procedure.objects.get_or_create(name=fields["name"], defaults=fields)


def all_procedures() -> list[Procedure]:
    """Every procedure in order; an empty desk gets the defaults, so that a breach never finds none."""
    if not Procedure.objects.exists():
        install_procedures()
    return list(Procedure.objects.all())


def choose(procedures: list[Procedure], kind: str, severity: int) -> Procedure:
    """The first that fits by kind and severity; else the last of all. Never one for exceptions."""
    for procedure in procedures:
        fits = procedure.kind in {"", kind} and procedure.severity_from <= severity <= procedure.severity_to
        if fits and not procedure.is_exception:
            return procedure
    return next(one for one in reversed(procedures) if not one.is_exception)


def choose_exception(procedures: list[Procedure], severity: int) -> Procedure:
    """The first of those for what fits no other (R15); NotAllowedNow on a desk that has none."""
    ours = [one for one in procedures if one.is_exception]
    fits = [one for one in ours if one.severity_from <= severity <= one.severity_to]
    if not fits:
        raise NotAllowedNow(_("This desk has no procedure for exceptions of this severity."))
    return fits[0]
