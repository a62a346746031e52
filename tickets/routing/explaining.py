"""Why a decision is what it is, in words: each rule test by test, and who gets it (R56: “a trace shows why”). Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets import conditions
from tickets.conditions import Test, Vocabulary
from tickets.conditions.wording import found_by
from tickets.routing import grammar
from tickets.routing.book import Book, Ready
from tickets.routing.choosing import Choice, Passed
from tickets.routing.deciding import Asked, Decision
from tickets.routing.grammar import Do, Owner
from tickets.routing.wishes import WOULD

# Of what the timeline keeps: more rules that did not fire are counted only.
MOST_KEPT = 20


class Verdict(models.TextChoices):
    FIRED = "fired", gettext_lazy("fired")
    FAILED = "failed", gettext_lazy("does not hold")
    BROKEN = "broken", gettext_lazy("left out: it names what is not there any more")
    NOT_ASKED = "not_asked", gettext_lazy("not asked")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was asked of the ticket, and what was found; empty where there is nothing."""

    key: str
    words: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True)
class OfRule:
    """`number` is its place in the list. `warnings` name what is not there any more."""

    key: int
    number: int
    name: str
    verdict: Verdict
    parts: list[Line]
    does: list[str]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class OfOwner:
    """Who gets it (nobody where `name` is empty), how he was found, and a sentence for each who was passed over."""

    name: str
    how: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Account:
    """`sentence` says what comes of it; `more` counts the rules that are not named in `rules`; `effects` in words."""

    sentence: str
    rules: list[OfRule]
    owner: OfOwner | None
    more: int = 0
    effects: Sequence[str] = ()


def explain(decision: Decision) -> Account:
    """All rules of the event, in the reader's language. The catch-all is among them where it took the ticket."""
    book = decision.book
    rules = [_of_asked(one, decision) for one in decision.asked]
    known = {one.rule.key for one in decision.asked}
    rules += [
        OfRule(rule.key, rule.number, rule.name, Verdict.NOT_ASKED, [], grammar.in_words(rule.actions, book.known), [])
        for rule in book.of(decision.event)
        if rule.key not in known
    ]
    if book.catch_all in decision.fired:
        rules.append(_of_rule(book.catch_all, Verdict.FIRED, [], book))
    team = book.known.teams.get(decision.team, "")
    owner = _of_owner(as_choice(decision.owner)) if decision.owner else None
    effects = [WOULD[Do(one.action.do)](one.action, book.known) for one in decision.effects]
    return Account(_sentence(decision.rule, team, owner), rules, owner, effects=effects)


def as_data(decision: Decision) -> dict[str, Any]:
    """What the timeline keeps: which rules fired and what each found, and of the others what failed first."""
    fired = [
        {"rule": rule.key, "name": rule.name, "number": rule.number, "parts": _kept(rule, decision)}
        for rule in decision.fired
        if not rule.is_catch_all
    ]
    failed = [one for one in decision.asked if not one.fired]
    kept: dict[str, Any] = {"fired": fired, "failed": [_kept_failure(one, decision) for one in failed[:MOST_KEPT]]}
    if len(failed) > MOST_KEPT:
        kept["more"] = len(failed) - MOST_KEPT
    if decision.owner is not None:
        kept["owner"] = as_choice(decision.owner)
    if decision.effects:
        kept["effects"] = [one.action.as_json() for one in decision.effects]
    return kept


def recorded(data: Mapping[str, Any], book: Book) -> Account:
    """The same account from what the timeline has kept. `data`: the event's `why`, with `team` and `rule` beside it."""
    why = data.get("why") or {}
    rules = [
        OfRule(
            one["rule"], one["number"], one["name"], Verdict.FIRED, _lines(one["parts"], True, book.vocabulary), [], []
        )
        for one in why.get("fired", ())
    ]
    for one in why.get("failed", ()):
        verdict = Verdict.BROKEN if one.get("missing") else Verdict.FAILED
        parts = _lines(one["parts"], False, book.vocabulary)
        rules.append(OfRule(one["rule"], one["number"], one["name"], verdict, parts, [], _missing(one.get("missing"))))
    rules.sort(key=lambda rule: rule.number)
    owner = _of_owner(why["owner"]) if why.get("owner") else None
    fired = next((rule.name for rule in rules if rule.verdict == Verdict.FIRED), "")
    name = data.get("rule") or fired
    effects = grammar.in_words(grammar.read(why.get("effects", ())), book.known)
    return Account(_said(name, data.get("team", ""), owner), rules, owner, why.get("more", 0), effects)


def as_choice(choice: Choice) -> dict[str, Any]:
    """As the timeline keeps it."""
    return {
        "by": choice.action.value,
        "name": choice.name,
        "before": choice.before,
        "passed": [{"name": one.name, "why": one.why, "about": one.about} for one in choice.passed],
    }


def _of_asked(one: Asked, decision: Decision) -> OfRule:
    verdict = Verdict.FIRED if one.fired else Verdict.BROKEN if one.failed is None else Verdict.FAILED
    found = conditions.explain(one.rule.conditions, decision.facts, decision.book.vocabulary)
    return _of_rule(
        one.rule, verdict, [Line(part.key, part.words, part.found, part.holds) for part in found], decision.book
    )


def _of_rule(rule: Ready, verdict: Verdict, parts: list[Line], book: Book) -> OfRule:
    does = grammar.in_words(rule.actions, book.known)
    return OfRule(rule.key, rule.number, rule.name, verdict, parts, does, _missing(rule.missing))


def _missing(names: Any) -> list[str]:
    return [_("“%(name)s” is not there any more.") % {"name": name} for name in names or ()]


def _kept(rule: Ready, decision: Decision) -> list[dict[str, Any]]:
    return [_kept_test(test, rule, decision) for test, _holds in rule.tests]


def _kept_failure(one: Asked, decision: Decision) -> dict[str, Any]:
    rule = one.rule
    parts = [_kept_test(one.failed, rule, decision)] if one.failed is not None else []
    missing = {"missing": list(rule.missing)} if rule.missing else {}
    return {"rule": rule.key, "name": rule.name, "number": rule.number, "parts": parts, **missing}


def _kept_test(test: Test, rule: Ready, decision: Decision) -> dict[str, Any]:
    found = found_by(test, decision.facts, decision.book.vocabulary)
    return {"key": test.key, "asked": rule.conditions[test.key], "found": found}


def _lines(parts: list[dict[str, Any]], holds: bool, vocabulary: Vocabulary) -> list[Line]:
    return [
        Line(one["key"], conditions.in_words({one["key"]: one["asked"]}, vocabulary), one["found"], holds)
        for one in parts
    ]


def _of_owner(kept: Mapping[str, Any]) -> OfOwner:
    sentences = [_("%(name)s had the last turn.") % {"name": kept["before"]}] if kept.get("before") else []
    sentences += [reason_for(Passed(**one)) for one in kept["passed"]]
    if not kept["name"]:
        sentences.append(_("Nobody can be given it now; it waits until somebody can."))
    return OfOwner(kept["name"], str(Owner(kept["by"]).label), sentences)


def reason_for(passed: Passed) -> str:
    """Why somebody was passed over, as a sentence."""
    return REASONS[passed.why]() % {"name": passed.name, **passed.about}


REASONS: dict[str, Callable[[], str]] = {
    "away": lambda: _("%(name)s is away."),
    "off_duty": lambda: _("%(name)s is not on duty."),
    "severity": lambda: _("%(name)s takes nothing graver than severity %(gravest)d."),
    "not_senior": lambda: _("%(name)s is not senior."),
    "skill": lambda: _("%(name)s has %(skill)s at level %(level)d."),
    "full": lambda: _("%(name)s is at capacity (%(open)d of %(capacity)d)."),
}


def _sentence(rule: Ready | None, team: str, owner: OfOwner | None) -> str:
    name = "" if rule is None or rule.is_catch_all else rule.name
    return _said(name, team, owner)


def _said(rule: str, team: str, owner: OfOwner | None) -> str:
    """“Payout stuck takes it: Payments, Anna Lindqvist.”"""
    whose = ", ".join(name for name in (team, owner.name if owner else "") if name)
    if not rule:
        return _("No rule takes it: %(whose)s.") % {"whose": whose} if whose else _("No rule takes it.")
    if not whose:
        return _("“%(rule)s” fires.") % {"rule": rule}
    return _("“%(rule)s” takes it: %(whose)s.") % {"rule": rule, "whose": whose}
