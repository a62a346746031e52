"""The rules, ready to be asked: made once for a state of the set-up, and kept."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from calendars.models import Calendar, CalendarVersion
from calendars.worktime import ALWAYS, WorkTime
from common.configuration import Kept, SetUp
from notifications.models import Endpoint
from people.models import Team
from tickets.conditions import FIELD, Conditions, Facts, Predicate, Test, Vocabulary, tests_of
from tickets.conditions.holding import in_cost_order, predicate_of
from tickets.enums import RuleEvent
from tickets.matching import in_order, keys_in
from tickets.models import CustomField, Macro, QuickReply, RoutingRule
from tickets.routing import grammar
from tickets.routing.existing import known_to
from tickets.routing.grammar import Action, Known
from tickets.vocabulary import vocabulary_for

# Takes everything, and gives no team: the fallback team has it.
BUILT_IN = "catch-all"


@dataclass(frozen=True, slots=True)
class Ready:
    """One rule. `number` is its place among all; `missing` what it names and what is not there any more.

    A quiet rule fires when nothing has happened for `quiet_for` of its `hours`.
    """

    key: int
    version: int
    number: int
    name: str
    event: str
    conditions: Conditions
    tests: tuple[tuple[Test, Predicate], ...]
    actions: tuple[Action, ...]
    goes_on: bool
    is_catch_all: bool
    missing: tuple[str, ...]
    quiet_for: timedelta
    hours: WorkTime

    @property
    def mark(self) -> str:
        """Another after each change of the rule."""
        return f"{self.key}:{self.version}"

    @property
    def reference(self) -> str:
        """What its lines on timelines are found by."""
        return f"rule:{self.key}" if self.key else ""

    def failing(self, facts: Facts) -> Test | None:
        """The first test that does not hold, the cheap ones first; None where the rule holds."""
        for test, holds in self.tests:
            if not holds(facts):
                return test
        return None


@dataclass(frozen=True)
class Book:
    """`rules` of every event as they are asked, the catch-all last. Handed to everybody: nobody may change it."""

    rules: tuple[Ready, ...]
    catch_all: Ready
    by_event: Mapping[str, tuple[Ready, ...]]
    teams: Mapping[str, Team]
    fallback: str
    vocabulary: Vocabulary
    known: Known
    keys: frozenset[str]

    @property
    def looks_again(self) -> bool:
        """Whether a rule looks at tickets after their arrival."""
        return bool(self.of(RuleEvent.CHANGE) or self.of(RuleEvent.QUIET))

    def of(self, event: str) -> tuple[Ready, ...]:
        """The rules that this event sets off; without the catch-all, which is for what is left."""
        return self.by_event.get(event, ())


def compiled(set_up: SetUp | None = None) -> Book:
    """The enabled rules as they are now."""
    return _BOOK.at(set_up or SetUp())


def book_of(rules: Iterable[RoutingRule]) -> Book:
    """Of any rules, stored or not; those that are off are left out. Seven questions to the database at most."""
    rows = [rule for rule in rules if rule.is_enabled]
    ordered = in_order((rule.order, rule.conditions, rule) for rule in rows if not rule.is_catch_all)
    given = next((rule for rule in rows if rule.is_catch_all), None)
    teams = {team.slug: team for team in Team.objects.all()}
    vocabulary = vocabulary_for(*(rule.conditions for rule in rows))
    named = {one.get("do", "") for rule in rows for one in rule.actions}
    known = known_to({slug: team.name for slug, team in teams.items()}, named=named)
    hours = _hours_of(rows)
    ready = [_ready(rule, number, vocabulary, known, hours) for number, rule in enumerate(ordered, start=1)]
    rest = given or RoutingRule(name=BUILT_IN, is_catch_all=True)
    last = _ready(rest, len(ready) + 1, vocabulary, known, hours)
    return Book(
        rules=(*ready, last),
        catch_all=last,
        by_event={event: tuple(one for one in ready if one.event == event) for event in RuleEvent.values},
        teams=teams,
        fallback=next((team.slug for team in teams.values() if team.is_fallback), ""),
        vocabulary=vocabulary,
        known=known,
        keys=frozenset({"team", *keys_in(rule.conditions for rule in rows)}),
    )


def missing_names(conditions: Conditions, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Teams, organisations and fields that conditions name and that are not there any more."""
    known: dict[str, Collection[str]] = {"team": vocabulary.teams, "organisation": vocabulary.organisations}
    gone = [
        str(value)
        for test in tests_of(conditions)
        if test.key in known
        for value in (*(test.any or ()), *(test.none or ()))
        if value not in known[test.key]
    ]
    fields = [key.removeprefix(FIELD) for key in conditions if key.startswith(FIELD)]
    return (*gone, *(name for name in fields if name not in vocabulary.fields))


def _read() -> Book:
    return book_of(RoutingRule.objects.enabled().order_by("pk"))


def _hours_of(rules: Iterable[RoutingRule]) -> dict[int | None, WorkTime]:
    """By calendar, in its present hours; no question where no rule has one."""
    wanted = {rule.calendar_id for rule in rules if rule.calendar_id is not None}
    found = Calendar.objects.with_current().filter(pk__in=wanted) if wanted else ()
    return {None: ALWAYS, **{one.pk: one.current.work_calendar() for one in found}}


def _ready(
    rule: RoutingRule,
    number: int,
    vocabulary: Vocabulary,
    known: Known,
    hours: Mapping[int | None, WorkTime],
) -> Ready:
    tests = in_cost_order(tests_of(rule.conditions))
    actions = grammar.expanded(grammar.read(rule.actions), known)
    return Ready(
        key=rule.pk or 0,
        version=rule.version,
        number=number,
        name=rule.name,
        event=rule.event,
        conditions=rule.conditions,
        tests=tuple((test, predicate_of(test)) for test in tests),
        actions=actions,
        goes_on=rule.goes_on,
        is_catch_all=rule.is_catch_all,
        missing=(*missing_names(rule.conditions, vocabulary), *grammar.missing_in(actions, known)),
        quiet_for=rule.quiet_for or timedelta(),
        hours=hours[rule.calendar_id],
    )


# An organisation's row changes with each breach, its name and its being there almost never: it is not watched.
_BOOK = Kept(_read, RoutingRule, Team, CustomField, Calendar, CalendarVersion, QuickReply, Macro, Endpoint)
