"""What the rules want of a ticket. Pure but for what it asks of the roster; writes nothing (R11, R56)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tickets.conditions import Facts, Test
from tickets.enums import RuleEvent
from tickets.routing.action import EFFECTS, ESCALATES
from tickets.routing.book import Book, Ready
from tickets.routing.choosing import Choice, choose
from tickets.routing.grammar import Action, Do
from tickets.routing.roster import Roster


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule that was asked: the first test that failed; None where it held. What names the missing never fires."""

    rule: Ready
    failed: Test | None

    @property
    def fired(self) -> bool:
        return self.failed is None and not self.rule.missing


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule that fired wants done besides, by a letter: said to the customer, called, escalated."""

    rule: Ready
    action: Action


@dataclass(frozen=True)
class Decision:
    """`fired` in order, the catch-all last where it had to step in. `team` is a short name, empty for no change.

    `owner` says who gets it or why nobody does; None where no rule asks for an owner. `severity` is a proposal: it
    belongs to an escalation, and limits who gets the ticket (R68). `effects` in the order of the rules.
    """

    book: Book = field(repr=False)
    facts: Facts = field(repr=False)
    event: str
    asked: tuple[Asked, ...]
    fired: tuple[Ready, ...]
    team: str
    placed_by: Ready | None
    priority: str
    severity: int | None
    tags: tuple[str, ...]
    owner: Choice | None
    effects: tuple[Effect, ...] = ()

    @property
    def rule(self) -> Ready | None:
        """The one that placed it, else the first that fired."""
        return self.placed_by or next(iter(self.fired), None)

    @property
    def rule_name(self) -> str:
        """Empty where nothing but the catch-all took it."""
        return self.rule.name if self.rule is not None and not self.rule.is_catch_all else ""

    @property
    def changes_nothing(self) -> bool:
        return not self.fired


def decide(
    book: Book,
    facts: Facts,
    people: Roster,
    *,
    event: str = RuleEvent.ARRIVAL,
    passing: Collection[int] = (),
) -> Decision:
    """The rules of this event are asked in their order, until one fires that does not go on.

    `passing`: keys of rules that are not asked. Of an arrival that no rule has given a team the catch-all does (R59).
    """
    asked: list[Asked] = []
    fired: list[Ready] = []
    for rule in book.of(event):
        if rule.key in passing:
            continue
        one = Asked(rule, rule.failing(facts))
        asked.append(one)
        if one.fired:
            fired.append(rule)
            if not rule.goes_on:
                break
    if event == RuleEvent.ARRIVAL and not any(_first(rule, Do.TEAM) for rule in fired):
        fired.append(book.catch_all)
    return _summed_up(book, facts, people, event, asked, fired)


def _summed_up(
    book: Book, facts: Facts, people: Roster, event: str, asked: list[Asked], fired: list[Ready]
) -> Decision:
    """Of what can be said once the first word stands; tags add up."""
    wanted = {do: _said(fired, do) for do in (Do.TEAM, Do.ASSIGN, Do.PRIORITY, Do.SEVERITY)}
    placing, team = wanted[Do.TEAM]
    if (team is None and event == RuleEvent.ARRIVAL) or (placing is not None and placing.missing):
        placing, name = book.catch_all, book.fallback
    else:
        name = str(team.value) if team is not None else ""
    severity = wanted[Do.SEVERITY][1]
    gravity = int(severity.value) if severity is not None else None
    owning, assign = wanted[Do.ASSIGN]
    owner = None
    if assign is not None and owning is not None and (name or facts.team):
        owner = choose(people, assign, rule=owning.key, team=name or facts.team, severity=gravity)
    priority = wanted[Do.PRIORITY][1]
    return Decision(
        book=book,
        facts=facts,
        event=event,
        asked=tuple(asked),
        fired=tuple(fired),
        team=name,
        placed_by=placing if name else None,
        priority=str(priority.value) if priority is not None else "",
        severity=gravity,
        tags=tuple(dict.fromkeys(str(one.value) for rule in fired for one in rule.actions if one.do == Do.TAG)),
        owner=owner,
        effects=tuple(_effects(fired)),
    )


def _effects(fired: list[Ready]) -> Iterator[Effect]:
    """Notes and calls add up. The customer is answered once, and an escalation of one kind is wanted once."""
    said: set[str] = set()
    for rule in fired:
        for one in rule.actions:
            if one.do not in EFFECTS:
                continue
            what = said_once(one)
            if not what or what not in said:
                yield Effect(rule, one)
            said.add(what)


def said_once(one: Action) -> str:
    """Of effects under which the first word stands; empty for one that adds up."""
    if one.do in ESCALATES:
        return f"{Do.OPEN}:{one.value}"
    return Do.REPLY.value if one.do == Do.REPLY else ""


def _said(fired: list[Ready], do: Do) -> tuple[Ready | None, Action | None]:
    """The first rule that says something of it, and what."""
    return next(((rule, one) for rule in fired if (one := _first(rule, do)) is not None), (None, None))


def _first(rule: Ready, do: Do) -> Action | None:
    return next((one for one in rule.actions if one.do == do), None)
