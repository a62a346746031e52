"""The criteria that every desk begins with: one of each kind that R9 names, and one of each signal of R11.

They propose and open nothing, so that a desk sees what they would do before it lets them. Words in the four languages
of its customers.
"""

from typing import Any

from escalation.enums import CriterionMode, EscalateAs, Reason
from escalation.models import Criterion

_MONEY = ["refund*", "chargeback*", "reembols*", "estorn*", "возврат*"]
_CAPACITY = [
    "understaffed",
    "no one answers",
    "nobody answers",
    "ninguém responde",
    "nadie responde",
    "никто не отвечает",
]
_TOOLS = ["cannot log in", "can't log in", "não consigo entrar", "no puedo entrar", "не могу войти"]
_OUTAGE = ["outage", "data loss", "security breach", "fora do ar", "caída del servicio", "сбой"]
_MISSING = ["missing feature", "not supported", "não suporta", "no soporta", "не поддерживает"]

DEFAULTS: tuple[dict[str, Any], ...] = (
    {"name": "Money is asked back", "kind": Reason.FUNDING, "conditions": {"keywords": _MONEY}, "severity": 3},
    {"name": "Nobody is there to answer", "kind": Reason.STAFF, "conditions": {"keywords": _CAPACITY}, "severity": 3},
    {"name": "The customer is locked out", "kind": Reason.TOOLS, "conditions": {"keywords": _TOOLS}, "severity": 3},
    {"name": "Outage, loss or breach", "kind": Reason.TECHNICAL, "conditions": {"keywords": _OUTAGE}, "severity": 2},
    {
        "name": "Something is missing for a key customer",
        "kind": Reason.FUNCTIONALITY,
        "conditions": {"tier": ["enterprise"], "keywords": _MISSING},
        "severity": 4,
    },
    {
        "name": "A key customer's first reply runs out",
        "kind": Reason.STAFF,
        "conditions": {"tier": ["enterprise"], "reply_used": {"from": 90}},
        "severity": 3,
    },
    {
        "name": "A customer with a history",
        "kind": Reason.STAFF,
        "conditions": {"escalations": {"from": 3}, "open_tickets": {"from": 3}},
        "severity": 3,
    },
)


def install_criteria() -> None:
    """On a desk that has none; those that are there stay as they were edited."""
    if Criterion.objects.exists():
        return
    alike = {"escalate_as": EscalateAs.HIERARCHICAL, "mode": CriterionMode.PROPOSE}
    for place, fields in enumerate(DEFAULTS, start=1):
        Criterion.objects.create(**fields, **alike, reason=fields["kind"], order=10 * place)
