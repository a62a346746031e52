"""The figures that a recommendation may name: those of the reports that have a before and after (R83, R85). Pure.

Each matter once. Not among them is what has had less time to happen to the later cases than to the earlier ones, such
as the share of tickets that were escalated since: there everything would seem to work.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.enums import Wished


@dataclass(frozen=True, slots=True)
class Movable:
    """A figure by the keys of its report and its own; `better` is the way that it should go."""

    report: str
    figure: str
    name: Promise
    better: Wished

    @property
    def key(self) -> str:
        return f"{self.report}.{self.figure}"


_FIGURES = (
    Movable("pain", "first_reply", _("Median time to the first reply"), Wished.LOWER),
    Movable("pain", "parties", _("Median time to solve"), Wished.LOWER),
    Movable("pain", "hand_offs", _("Hand-offs a ticket"), Wished.LOWER),
    Movable("pain", "ownership", _("Median time without an owner"), Wished.LOWER),
    Movable("pain", "experience", _("Functional escalations by new colleagues"), Wished.LOWER),
    Movable("sla", "kept", _("Promises kept"), Wished.HIGHER),
    Movable("escalations", "opened", _("Escalations a week"), Wished.LOWER),
    Movable("escalations", "told", _("Communicated within the hour"), Wished.HIGHER),
    Movable("escalations", "acknowledged", _("Median time to acknowledge"), Wished.LOWER),
    Movable("escalations", "avoidable", _("Avoidable escalations"), Wished.LOWER),
    Movable("escalations", "bounced", _("Returned hand-offs"), Wished.LOWER),
    Movable("experience", "satisfaction", _("Satisfaction"), Wished.HIGHER),
    Movable("experience", "first_contact", _("Solved at first contact"), Wished.HIGHER),
)
MOVABLE: Mapping[str, Movable] = {one.key: one for one in _FIGURES}
