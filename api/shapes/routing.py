"""Routing rules, what is wrong with them, and what they would do, as programs read it."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Url
from tickets.enums import RuleEvent
from tickets.models import RoutingDryRun, RoutingRule, RoutingRuleVersion
from tickets.routing import Account, Decision, Verdict, explain
from tickets.routing.analysis import Fault, Finding
from tickets.routing.faults import in_words
from tickets.routing.replaying import What


class RuleShape(TypedDict):
    """`place`: where it is asked among all, those that are off among them. `version` counts the changes."""

    id: int
    place: int
    name: str
    event: Annotated[str, RuleEvent]
    conditions: dict[str, Any]
    actions: list[dict[str, Any]]
    goes_on: bool
    quiet_for_seconds: int | None
    calendar: int | None
    is_enabled: bool
    is_catch_all: bool
    version: int


class RulePage(TypedDict):
    results: list[RuleShape]
    next: Url | None


class RuleVersionShape(TypedDict):
    number: int
    at: Moment
    by: str | None
    content: dict[str, Any]


class RuleVersionPage(TypedDict):
    results: list[RuleVersionShape]
    next: Url | None


class FindingShape(TypedDict):
    """`others` are the rules it has to do with; `about`: what is said differently, or the names that are gone.

    `sentence` and `advice` say the same in the reader's language, with rules by their places from 1.
    """

    rule: int
    fault: Annotated[str, Fault]
    others: list[int]
    about: list[str]
    sentence: str
    advice: str


class RuleAnalysisShape(TypedDict):
    results: list[FindingShape]


class AskedShape(TypedDict):
    words: str
    found: str
    holds: bool


class AccountShape(TypedDict):
    """A rule that was asked, or was not; `id` is null for one that is only tried, and for the built-in catch-all."""

    id: int | None
    name: str
    verdict: Annotated[str, Verdict]
    asked: list[AskedShape]
    does: list[str]
    warnings: list[str]


class OwnerShape(TypedDict):
    """`name` is null where nobody could be given it; `sentences` say who was passed over, and why."""

    name: str | None
    how: str
    sentences: list[str]


class TrialShape(TypedDict):
    """What would come of it; `effects` what would be said, called and escalated. Nothing has been changed."""

    sentence: str
    team: str | None
    priority: str | None
    severity: int | None
    tags: list[str]
    owner: OwnerShape | None
    effects: list[str]
    rules: list[AccountShape]


class WayShape(TypedDict):
    was: str
    would: str
    tickets: int


class ExampleShape(TypedDict):
    ticket: int
    was: str
    would: str
    rule: int | None


class ChangesShape(TypedDict):
    what: Annotated[str, What]
    count: int
    ways: list[WayShape]
    examples: list[ExampleShape]


class FiredRule(TypedDict):
    rule: int | None
    tickets: int


class DryRunFoundShape(TypedDict):
    """`touched`: the tickets with which anything would be otherwise."""

    tickets: int
    touched: int
    fired: list[FiredRule]
    changes: list[ChangesShape]


class DryRunShape(TypedDict):
    """`found` is null until it has ended, and where it has failed."""

    id: int
    days: int
    asked_at: Moment
    done: int
    of: int
    finished_at: Moment | None
    found: DryRunFoundShape | None
    url: Url


def rule_shape(rule: RoutingRule, place: int) -> RuleShape:
    return {
        "id": rule.pk,
        "place": place,
        "name": rule.name,
        "event": rule.event,
        "conditions": rule.conditions,
        "actions": rule.actions,
        "goes_on": rule.goes_on,
        "quiet_for_seconds": int(rule.quiet_for.total_seconds()) if rule.quiet_for is not None else None,
        "calendar": rule.calendar_id,
        "is_enabled": rule.is_enabled,
        "is_catch_all": rule.is_catch_all,
        "version": rule.version,
    }


def version_shape(version: RoutingRuleVersion) -> RuleVersionShape:
    return {
        "number": version.number,
        "at": instant(version.at),
        "by": version.by.email if version.by else None,
        "content": version.content,
    }


def finding_shape(finding: Finding, rules: Sequence[RoutingRule]) -> FindingShape:
    fact, advice = in_words(finding)
    return {
        "rule": rules[finding.rule].pk,
        "fault": finding.fault,
        "others": [rules[place].pk for place in finding.others],
        "about": list(finding.about),
        "sentence": fact,
        "advice": advice,
    }


def trial_shape(decision: Decision) -> TrialShape:
    account = explain(decision)
    return {
        "sentence": account.sentence,
        "team": decision.team or None,
        "priority": decision.priority or None,
        "severity": decision.severity,
        "tags": list(decision.tags),
        "owner": _owner_shape(account),
        "effects": list(account.effects),
        "rules": [
            {
                "id": rule.key or None,
                "name": rule.name,
                "verdict": rule.verdict,
                "asked": [{"words": part.words, "found": part.found, "holds": part.holds} for part in rule.parts],
                "does": rule.does,
                "warnings": rule.warnings,
            }
            for rule in account.rules
        ],
    }


def _owner_shape(account: Account) -> OwnerShape | None:
    owner = account.owner
    if owner is None:
        return None
    return {"name": owner.name or None, "how": owner.how, "sentences": owner.sentences}


def dry_run_shape(run: RoutingDryRun, url: str) -> DryRunShape:
    return {
        "id": run.pk,
        "days": run.days,
        "asked_at": instant(run.asked_at),
        "done": run.done,
        "of": run.of,
        "finished_at": moment(run.finished_at),
        "found": run.found,
        "url": url,
    }
