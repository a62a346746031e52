"""The routing rules as an administrator sees them: in their order, with what is wrong, what they took, and versions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import timezone
from django.utils.translation import gettext as _

from common.lengths import length_words
from tickets.conditions import Chip, describe
from tickets.enums import EventKind, RuleEvent
from tickets.models import Event, RoutingRule, RoutingRuleVersion
from tickets.routing import grammar
from tickets.routing.book import BUILT_IN
from tickets.routing.differing import differences
from tickets.routing.editing import Terms, known_now
from tickets.routing.faults import FaultLine, fault_lines
from tickets.routing.judging import all_in_order, findings_in
from tickets.vocabulary import vocabulary_for

LATELY = timedelta(days=30)
DECISIONS_SHOWN = 6
# On the page of their own.
MOST_DECISIONS = 200
# Of the rules that fired for one ticket so many are counted; more than these go on one after the other nowhere.
_COUNTED = 3


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`number` is the place among all rules, those that are off among them. `state` colours the row."""

    rule: RoutingRule
    number: int
    chips: Sequence[Chip]
    does: Sequence[str]
    occasion: str
    hits: int
    faults: Sequence[FaultLine]
    is_hit: bool
    is_first: bool
    is_last: bool

    @property
    def is_shaded(self) -> bool:
        return any(fault.is_shadow for fault in self.faults)

    @property
    def state(self) -> str:
        if self.rule.is_enabled and self.is_hit:
            return "hit"
        if not self.rule.is_enabled:
            return "off"
        return "shaded" if self.faults else ""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    at: datetime
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: RoutingRuleVersion
    changes: Sequence[str]
    is_kept: bool


def all_rules() -> list[RoutingRule]:
    """In their order, the catch-all last; where nobody has ever changed that, it is made up here."""
    rules = all_in_order(RoutingRule.objects.select_related("calendar"))
    if not rules or not rules[-1].is_catch_all:
        rules.append(RoutingRule(name=BUILT_IN, is_catch_all=True))
    return rules


def rule_lines(rules: Sequence[RoutingRule], now: datetime, *, hit: Sequence[int] = ()) -> list[RuleLine]:
    """Six queries, however many there are; `hit` are the keys of those that took what is being tried."""
    words, known = vocabulary_for(*(rule.conditions for rule in rules)), known_now()
    faults = fault_lines(findings_in(rules, words, known), rules)
    hits = hits_of(rules, now)
    return [
        RuleLine(
            rule,
            place + 1,
            describe(rule.conditions, words),
            does_words(rule, known),
            occasion_words(rule),
            hits[rule.pk or 0],
            faults.get(place, ()),
            (rule.pk or 0) in hit,
            is_first=place == 0,
            is_last=place >= len(rules) - 2,
        )
        for place, rule in enumerate(rules)
    ]


def does_words(rule: RoutingRule, known: grammar.Known) -> list[str]:
    said = grammar.in_words(grammar.read(rule.actions), known)
    if rule.is_catch_all and not any(one.get("do") == grammar.Do.TEAM for one in rule.actions):
        said = [_("The fallback team"), *said]
    return [*said, _("goes on")] if rule.goes_on else said


def occasion_words(rule: RoutingRule) -> str:
    """Empty for arrivals, which most rules are for."""
    if rule.event == RuleEvent.QUIET and rule.quiet_for is not None:
        said = _("after %(length)s of quiet") % {"length": length_words(rule.quiet_for)}
        return _("%(said)s, %(calendar)s") % {"said": said, "calendar": rule.calendar} if rule.calendar else said
    return "" if rule.event == RuleEvent.ARRIVAL else _("on change")


def hits_of(rules: Sequence[RoutingRule], now: datetime) -> Counter[int]:
    """How many tickets of late each has fired for, by key; 0 is a catch-all that nobody has changed. One query.

    Lines that were written before rules had keys there are counted by name.
    """
    fired = {f"fired{at}": _fired(at) for at in range(_COUNTED)}
    routed = Event.objects.filter(kind=EventKind.ROUTED, at__gte=now - LATELY).order_by()
    rows = routed.annotate(by=KeyTextTransform("rule", "data"), **fired).values_list("by", *fired)
    by_name = {rule.name: rule.pk or 0 for rule in rules}
    catch_all = next((rule.pk or 0 for rule in rules if rule.is_catch_all), 0)
    hits: Counter[int] = Counter()
    for name, *keys, n in rows.annotate(n=Count("pk")):
        found = [int(key) for key in keys if key is not None]
        for key in found or [by_name.get(name, -1) if name else catch_all]:
            hits[key] += n
    return hits


def decisions(rules: Sequence[RoutingRule], now: datetime, *, today: bool = True) -> list[DecisionLine]:
    """Whom the rules gave what, the newest first: of today, in the reader's zone, or of late. One query."""
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) if today else now - LATELY
    routed = Event.objects.filter(kind=EventKind.ROUTED, at__gte=since).order_by("-at", "-pk")
    places = {rule.name: place for place, rule in enumerate(rules, start=1)}
    rows = routed.values_list("at", "ticket_id", "data")[: DECISIONS_SHOWN if today else MOST_DECISIONS]
    return [DecisionLine(at, number, _decision_words(data, places)) for at, number, data in rows]


def version_lines(rule: RoutingRule) -> list[VersionLine]:
    """The newest first, each with what it changed against the one before it."""
    versions = list(rule.versions.select_related("by"))
    terms = [Terms.of_content(version.content) for version in versions]
    words, known = vocabulary_for(*(one.conditions for one in terms)), known_now()
    lines = []
    for at, version in enumerate(versions):
        older = terms[at + 1] if at + 1 < len(terms) else None
        changes = differences(older, terms[at], words, known) if older else [_("The first version")]
        lines.append(VersionLine(version, changes or [_("Nothing is different")], version.number == rule.version))
    return lines


def _fired(at: int) -> KeyTextTransform:
    """The key of the rule that fired at this place of a ticket's account."""
    path: Any = "data"
    for key in ("why", "fired", at):
        path = KeyTransform(key, path)
    return KeyTextTransform("rule", path)


def _decision_words(data: Any, places: dict[str, int]) -> str:
    name, team = data.get("rule") or "", data.get("team", "")
    if not name:
        return _("catch-all, %(team)s") % {"team": team}
    if name not in places:
        return _("“%(rule)s”, %(team)s") % {"rule": name, "team": team}
    return _("rule %(n)d, %(team)s") % {"n": places[name], "team": team}
