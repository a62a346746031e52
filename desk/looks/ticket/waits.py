"""What a ticket or a clock stands still for, in words: the kind, and what was said besides."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.languages import kept
from tickets.enums import WAITS, Wait
from tickets.waits import STILL

# To the customer: no internal words, and nothing of whom else we wait for.
_PUBLIC: dict[str, Promise] = {
    "": gettext_lazy("we waited for your answer"),
    Wait.CUSTOMER: gettext_lazy("we waited for your answer"),
    Wait.SUPPLIER: gettext_lazy("we waited for somebody else"),
    Wait.COLLEAGUES: gettext_lazy("we waited for somebody else"),
    Wait.PLANNED_WORK: gettext_lazy("planned work"),
    Wait.AGREED_DATE: gettext_lazy("until the agreed date"),
}


@dataclass(frozen=True, slots=True)
class WaitChoice:
    """One kind to choose after a verb; the first is the usual one."""

    value: str
    words: str


def choices_of(verb: str) -> list[WaitChoice]:
    """Nothing after a verb that sets nothing still."""
    kinds = WAITS[STILL[verb]] if verb in STILL else ()
    return [WaitChoice(kind.value, capfirst(str(kind.label))) for kind in kinds]


def wait_words(waits_for: str, reason: str = "") -> str:
    """“waiting on a supplier: the part is ordered”; a reason that says no more than the kind is not said twice."""
    kind = str(Wait(waits_for).label) if waits_for in Wait.values else ""
    said = kept(reason)
    if not kind or not said or said == kind:
        return said or kind
    return _("%(kind)s: %(reason)s") % {"kind": kind, "reason": said}


def public_words(waits_for: str) -> str:
    return str(_PUBLIC.get(waits_for, _PUBLIC[""]))
