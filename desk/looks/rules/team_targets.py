"""The internal targets of a policy added up, beside what the customer is promised; and what is wrong with the sum."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from common.lengths import length_words
from sla.policies import Terms
from sla.team_targets import Sum, sums_of
from tickets.enums import PRIORITY_RANK, Priority


@dataclass(frozen=True, slots=True)
class SumCell:
    """Of all teams at one priority; empty words where there is nothing."""

    all_teams: str
    promised: str
    is_too_long: bool


def sum_cells(terms: Terms) -> list[SumCell]:
    """One for each priority, the most pressing first."""
    sums = {one.priority: one for one in sums_of(terms)}
    promised = {spec.priority: spec.seconds for spec in terms.targets if spec.metric == "resolution"}
    found = []
    for priority in sorted(Priority, key=lambda one: -PRIORITY_RANK[one]):
        own = sums.get(priority)
        found.append(
            SumCell(_words(own.seconds if own else None), _words(promised.get(priority)), bool(own and own.is_too_long))
        )
    return found


def sum_warnings(terms: Terms) -> list[str]:
    """One sentence for each priority at which the teams may take more than the customer is promised."""
    return [sentence for one in sums_of(terms) if (sentence := _warning(one))]


def _warning(one: Sum) -> str:
    known = {"priority": one.priority.label, "sum": _words(one.seconds), "promised": _words(one.promised)}
    if one.is_too_long:
        sentence = _("%(priority)s: the teams may take %(sum)s in all, and the customer is promised %(promised)s.")
    elif not one.is_comparable:
        sentence = _(
            "%(priority)s: not all is counted in the same hours, so the teams’ sum says nothing about the promise."
        )
    else:
        return ""
    return sentence % known


def _words(seconds: int | None) -> str:
    return "" if seconds is None else length_words(timedelta(seconds=seconds))
