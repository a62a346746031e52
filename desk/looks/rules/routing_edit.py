"""Beside the editor of a rule: what is wrong with it among the others, and what it takes of the last days."""

from dataclasses import dataclass
from datetime import datetime

from common.errors import InvalidInput
from desk.forms.routing import RuleForm
from desk.looks.rules.conditions import found_words
from desk.looks.rules.routing import all_rules
from tickets.models import RoutingRule
from tickets.routing.editing import Terms, known_now, terms_of
from tickets.routing.faults import FaultLine, fault_lines
from tickets.routing.judging import all_in_order, findings_in
from tickets.vocabulary import vocabulary_for

# A rule that is not stored yet comes after all others.
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """`place` of `of` rules; `here` is wrong with this rule, `others` with the rest because of it."""

    place: int
    of: int
    here: list[FaultLine]
    others: list[FaultLine]
    found: str
    is_unread: bool = False


def proof_of(form: RuleForm, known: RoutingRule | None, now: datetime) -> Proof:
    """Of the form as it stands; what cannot be read yet is judged as it is kept. Nothing is written."""
    rows = all_rules()
    before = _faults(rows)
    terms, is_unread = _as_it_stands(form, known)
    edited = _with(rows, known, terms)
    at = next(place for place, rule in enumerate(edited) if _is_same(rule, known))
    after = _faults(edited)
    facts = {line.fact for lines in before.values() for line in lines}
    others = [line for place, lines in after.items() if place != at for line in lines if line.fact not in facts]
    found = "" if is_unread or form.is_catch_all else found_words(terms.conditions, now)
    return Proof(at + 1, len(edited), after.get(at, []), others if known is None or known.pk else [], found, is_unread)


def _as_it_stands(form: RuleForm, known: RoutingRule | None) -> tuple[Terms, bool]:
    kept = terms_of(known) if known is not None else Terms(name="")
    if not form.is_bound and not form.is_edited:
        return kept, False
    try:
        if form.is_bound and form.is_valid():
            return form.terms(), False
    except InvalidInput:
        pass
    return kept, True


def _with(rows: list[RoutingRule], known: RoutingRule | None, terms: Terms) -> list[RoutingRule]:
    """The rules in their order, one of them with these terms, or with one more."""
    edited = RoutingRule(
        pk=known.pk if known else None,
        name=terms.name,
        order=known.order if known else _LAST,
        event=terms.event,
        conditions=dict(terms.conditions),
        actions=terms.actions,
        goes_on=terms.goes_on,
        quiet_for=terms.quiet_for,
        calendar_id=terms.calendar,
        is_enabled=known.is_enabled if known else True,
        is_catch_all=known.is_catch_all if known else False,
    )
    rest = [rule for rule in rows if not _is_same(rule, known)]
    made_up = [rule for rule in rest if rule.pk is None]
    return [*all_in_order([*(rule for rule in rest if rule.pk is not None), edited]), *made_up]


def _is_same(rule: RoutingRule, known: RoutingRule | None) -> bool:
    if known is None:
        return rule.pk is None and not rule.is_catch_all
    return rule.is_catch_all if known.is_catch_all else rule.pk == known.pk


def _faults(rules: list[RoutingRule]) -> dict[int, list[FaultLine]]:
    words = vocabulary_for(*(rule.conditions for rule in rules))
    return fault_lines(findings_in(rules, words, known_now()), rules)
