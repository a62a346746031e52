"""How the effect of a recommendation reads, in the active language: alike on page and mail. Pure."""

from django.utils import timezone
from django.utils.translation import gettext as _

from reports.enums import Verdict, Wished
from reports.outcomes import Outcome
from reports.saying import day_text, sides_text, signed_text

SURE = (Verdict.WORKS, Verdict.WORSE)


def aim_text(outcome: Outcome) -> str:
    """`Median time to solve of Payments: down`."""
    team = outcome.aim.team
    told = {"figure": outcome.figure.name, "team": team.name if team else "", "way": Wished(outcome.aim.wished).label}
    return (_("%(figure)s, %(team)s: %(way)s") if team else _("%(figure)s: %(way)s")) % told


def verdict_text(outcome: Outcome) -> str:
    """In a few words; nothing where it is not done."""
    if outcome.due_on is not None:
        return _("Will be measured on %(day)s") % {"day": day_text(outcome.due_on)}
    return str(outcome.verdict.label) if outcome.verdict else measured_text(outcome)


def short_text(outcome: Outcome) -> str:
    """The same with how far it went, where that is sure: `Works, −35 min`."""
    if outcome.verdict not in SURE:
        return _("No sure difference") if outcome.verdict == Verdict.CHANCE else verdict_text(outcome)
    return _("%(verdict)s, %(difference)s") % {
        "verdict": verdict_text(outcome),
        "difference": difference_text(outcome),
    }


def difference_text(outcome: Outcome) -> str:
    """`−35 min`; nothing where nobody can say."""
    change, effect = outcome.change, outcome.effect
    if change is None or effect is None or change.difference is None:
        return ""
    return signed_text(change.difference, effect.figure_unit)


def interval_text(outcome: Outcome) -> str:
    """`95 %: −50 min to −20 min`."""
    change, effect = outcome.change, outcome.effect
    if change is None or effect is None or change.low is None or change.high is None:
        return ""
    low, high = signed_text(change.low, effect.figure_unit), signed_text(change.high, effect.figure_unit)
    return _("95 %%: %(low)s to %(high)s") % {"low": low, "high": high}


def before_after_text(outcome: Outcome) -> str:
    """`4h 10m before, 3h 35m after (40 and 38 cases).`"""
    change, effect = outcome.change, outcome.effect
    return sides_text(change, effect.figure_unit) if change and effect else ""


def measured_text(outcome: Outcome) -> str:
    """By the reader's clock."""
    if outcome.effect is None:
        return ""
    return _("Measured on %(day)s") % {"day": day_text(timezone.localtime(outcome.effect.measured_at).date())}
