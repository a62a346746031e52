"""The stored rules as the analysis looks at them, in the order in which they are asked."""

from collections.abc import Iterable

from tickets.conditions import Vocabulary
from tickets.matching import in_order
from tickets.models import RoutingRule
from tickets.routing import grammar
from tickets.routing.action import EFFECTS
from tickets.routing.analysis import TAG, Finding, Judged, findings
from tickets.routing.book import missing_names
from tickets.routing.deciding import said_once
from tickets.routing.grammar import Action, Do, Known


def all_in_order(rules: Iterable[RoutingRule]) -> list[RoutingRule]:
    """As they are asked, those that are off in between; the catch-all last."""
    rows = sorted(rules, key=lambda rule: rule.pk or 0)
    asked = in_order((rule.order, rule.conditions, rule) for rule in rows if not rule.is_catch_all)
    return [*asked, *(rule for rule in rows if rule.is_catch_all)]


def findings_in(rules: Iterable[RoutingRule], vocabulary: Vocabulary, known: Known) -> list[Finding]:
    """What is wrong with rules that stand in their order; the vocabulary must hold what they name, if it is there."""
    return findings([judged(rule, vocabulary, known) for rule in rules])


def judged(rule: RoutingRule, vocabulary: Vocabulary, known: Known) -> Judged:
    actions = grammar.expanded(grammar.read(rule.actions), known)
    return Judged(
        conditions=rule.conditions,
        event=rule.event,
        leaves=dict(left for one in actions if (left := _left_by(one))),
        does=rule.actions,
        goes_on=rule.goes_on,
        is_enabled=rule.is_enabled,
        is_catch_all=rule.is_catch_all,
        moment=(rule.quiet_for, rule.calendar_id),
        gone=(*missing_names(rule.conditions, vocabulary), *grammar.missing_in(actions, known)),
    )


def _left_by(action: Action) -> tuple[str, object] | None:
    """None for what adds up, whoever says it."""
    if action.do in EFFECTS:
        what = said_once(action)
        return (what, action) if what else None
    if action.do == Do.TAG:
        return f"{TAG}{action.value}", True
    return action.do, action if action.do == Do.ASSIGN else action.value
