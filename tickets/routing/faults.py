"""What the analysis has found in the rules, as sentences: the fact, what to do about it, and what mends it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import RoutingRule
from tickets.routing.analysis import TAG, Fault, Finding
from tickets.routing.grammar import Do

# So many rules are named in a sentence; the rest are counted.
MOST_NAMED = 3
# Those for which a rule is never asked: the list shades it.
_NEVER_REACHED = (Fault.SHADOWED, Fault.DUPLICATE)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """`above`: the place, from 1, and the key of the rule that it would have to stand above; None if no move helps."""

    fault: Fault
    fact: str
    advice: str
    above: tuple[int, int] | None = None

    @property
    def is_shadow(self) -> bool:
        return self.fault in _NEVER_REACHED


def fault_lines(found: Sequence[Finding], rules: Sequence[RoutingRule]) -> dict[int, list[FaultLine]]:
    """By the rules' places from 0; `rules` in their order."""
    lines: dict[int, list[FaultLine]] = {}
    for one in found:
        fact, advice = in_words(one)
        lines.setdefault(one.rule, []).append(FaultLine(one.fault, fact, advice, _above(one, rules)))
    return lines


def in_words(one: Finding) -> tuple[str, str]:
    """The fact, and what to do about it."""
    return _WORDS[one.fault](one)


def _above(one: Finding, rules: Sequence[RoutingRule]) -> tuple[int, int] | None:
    if one.fault != Fault.SHADOWED or rules[one.others[0]].pk is None:
        return None
    return one.others[0] + 1, rules[one.others[0]].pk


def _rules(places: Sequence[int]) -> str:
    """“rule 3”, “rules 1, 2 and 4”."""
    numbers = ", ".join(str(place + 1) for place in places[:MOST_NAMED])
    rest = len(places) - MOST_NAMED
    if rest > 0:
        return _("rules %(numbers)s and %(n)d more") % {"numbers": numbers, "n": rest}
    return ngettext("rule %(numbers)s", "rules %(numbers)s", len(places)) % {"numbers": numbers}


def _keys(one: Finding) -> str:
    names = {str(do.value): str(do.label).lower() for do in Do}
    said = [key.removeprefix(TAG) if key.startswith(TAG) else names[key.partition(":")[0]] for key in one.about]
    return ", ".join(said)


def _numbers(one: Finding) -> dict[str, str | int]:
    return {"n": one.rule + 1, "others": _rules(one.others), "about": _keys(one)}


def _shadowed(one: Finding) -> tuple[str, str]:
    fact = ngettext(
        "Rule %(n)d is in the shadow of %(others)s.", "Rule %(n)d is in the shadow of %(others)s together.",
        len(one.others),
    )  # fmt: skip
    advice = ngettext(
        "Everything that rule %(n)d wants, %(others)s takes first. Move it above %(others)s, or narrow %(others)s.",
        "Everything that rule %(n)d wants, %(others)s take first. Move it above them, or narrow one of them.",
        len(one.others),
    )
    return fact % _numbers(one), advice % _numbers(one)


def _said(fact: Callable[[], str], advice: Callable[[], str]) -> Callable[[Finding], tuple[str, str]]:
    return lambda one: (fact() % _numbers(one), advice() % _numbers(one))


def _gone(one: Finding) -> tuple[str, str]:
    names = ", ".join(_("“%(name)s”") % {"name": name} for name in one.about)
    fact = _("Rule %(n)d names what is not there any more: %(names)s.") % {"n": one.rule + 1, "names": names}
    return fact, _("It is left out until somebody changes it; what it took goes to the rules below.")


_WORDS: dict[Fault, Callable[[Finding], tuple[str, str]]] = {
    Fault.GONE: _gone,
    Fault.SHADOWED: _shadowed,
    Fault.IMPOSSIBLE: _said(
        lambda: _("No ticket can ever meet rule %(n)d."),
        lambda: _("What it asks for contradicts itself. Take one of its conditions away."),
    ),
    Fault.DUPLICATE: _said(
        lambda: _("Rule %(n)d says again what %(others)s says."),
        lambda: _("It asks for the same and does the same. Remove one of them."),
    ),
    Fault.RING: _said(
        lambda: _("Rule %(n)d and %(others)s set each other off."),
        lambda: _("What one does makes the other hold, over and over; the guard would stop them. Narrow one of them."),
    ),
    Fault.UNDOES: _said(
        lambda: _("Rule %(n)d takes back what %(others)s does."),
        lambda: _("Both say: %(about)s. What the one does makes the other hold at once."),
    ),
    Fault.CONTRADICTS: _said(
        lambda: _("Rule %(n)d contradicts %(others)s."),
        lambda: _("Some tickets meet both, and they differ in: %(about)s. For these the first word stands."),
    ),
    Fault.TAKES_ALL: _said(
        lambda: _("Rule %(n)d takes everything."),
        lambda: _("Nothing comes to %(others)s below it. Move it to the end, or give it a condition."),
    ),
    Fault.IDLE: _said(
        lambda: _("Rule %(n)d does nothing."),
        lambda: _("Give it an action, or remove it."),
    ),
}
