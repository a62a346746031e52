"""Routing rules as an administrator sets them up: each change is a version of its own, audited, and can be taken back.

Whoever saves says which version he began with: a rule that somebody else has changed meanwhile is not written over.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common import audit
from common.errors import InvalidInput, NotAllowedNow
from common.text import one_line
from people.models import User
from tickets import vocabulary
from tickets.conditions import renamed
from tickets.enums import RuleEvent
from tickets.models import RoutingRule, RoutingRuleVersion
from tickets.routing import grammar
from tickets.routing.existing import known_now as known_now
from tickets.routing.judging import all_in_order

NAME_LIMIT = 80
LONGEST_QUIET = timedelta(days=366)
_GAP = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be said of a rule. `quiet_for` and `calendar` are of a rule for quiet tickets only."""

    name: str
    event: str = RuleEvent.ARRIVAL
    conditions: Mapping[str, Any] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)
    goes_on: bool = False
    quiet_for: timedelta | None = None
    calendar: int | None = None

    def as_content(self) -> dict[str, Any]:
        """As a version keeps them."""
        seconds = self.quiet_for.total_seconds() if self.quiet_for is not None else None
        return {**asdict(self), "quiet_for": seconds}

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> "Terms":
        seconds = content.get("quiet_for")
        quiet_for = timedelta(seconds=seconds) if seconds is not None else None
        known = {name: content[name] for name in cls.__dataclass_fields__ if name in content}
        return cls(**{**known, "quiet_for": quiet_for})


def terms_of(rule: RoutingRule) -> Terms:
    return Terms(
        rule.name, rule.event, rule.conditions, rule.actions, rule.goes_on, rule.quiet_for, rule.calendar_id
    )  # fmt: skip


def checked(terms: Terms, *, is_catch_all: bool = False) -> Terms:
    """As they are stored. InvalidInput with a sentence for each mistake, by the field that it stands in."""
    errors: dict[str, list[str]] = {}
    made: dict[str, Any] = {}
    for name, check in (
        ("name", lambda: one_line(terms.name, field="name", limit=NAME_LIMIT)),
        ("conditions", lambda: {} if is_catch_all else vocabulary.check(terms.conditions)),
        ("actions", lambda: grammar.check(terms.actions, known_now())),
    ):
        try:
            made[name] = check()
        except InvalidInput as error:
            errors |= error.errors
    errors |= _wrong_with_time(terms)
    if errors:
        raise InvalidInput(errors)
    if terms.event != RuleEvent.QUIET:
        made |= {"quiet_for": None, "calendar": None}
    if is_catch_all:
        made |= {"event": RuleEvent.ARRIVAL, "goes_on": False, "quiet_for": None, "calendar": None}
    return replace(terms, **made)


def _wrong_with_time(terms: Terms) -> dict[str, list[str]]:
    if terms.event not in RuleEvent.values:
        return {"event": [_("A rule is asked at one of %(known)s.") % {"known": ", ".join(RuleEvent.values)}]}
    if terms.event != RuleEvent.QUIET:
        return {}
    if terms.quiet_for is None or not timedelta() < terms.quiet_for <= LONGEST_QUIET:
        return {"quiet_for": [_("Say for how long nothing has happened, up to a year: 4 h, 2 d.")]}
    if terms.calendar is not None and not Calendar.objects.filter(pk=terms.calendar).exists():
        return {"calendar": [_("There is no such calendar.")]}
    return {}


@transaction.atomic
def add_rule(*, terms: Terms, by: User, now: datetime, is_catch_all: bool = False) -> RoutingRule:
    """A new one, the last before the catch-all. Or the catch-all itself, where it is still the built-in one."""
    terms = checked(terms, is_catch_all=is_catch_all)
    rules = list(RoutingRule.objects.select_for_update().order_by("pk"))
    if is_catch_all and any(rule.is_catch_all for rule in rules):
        raise NotAllowedNow(_("Somebody else has changed the catch-all meanwhile."))
    order = max((rule.order for rule in rules if not rule.is_catch_all), default=0) + _GAP
    rule = RoutingRule(order=order, is_catch_all=is_catch_all)
    put(rule, terms)
    rule.save()
    _keep(rule, by, now)
    audit.record_change(by=by, subject=_subject(rule), before={}, after=audit.snapshot(rule), of=rule)
    return rule


@transaction.atomic
def change_rule(*, pk: int, seen: int, terms: Terms, by: User, now: datetime) -> RoutingRule:
    """Other terms, as a new version. NotAllowedNow where the rule is not in the version `seen` any more."""
    rule = RoutingRule.objects.select_for_update().get(pk=pk)
    if rule.version != seen:
        raise NotAllowedNow(_("Somebody else has changed “%(name)s” meanwhile.") % {"name": rule.name})
    return _change(rule, checked(terms, is_catch_all=rule.is_catch_all), by, now)


@transaction.atomic
def return_to(*, pk: int, number: int, by: User, now: datetime) -> RoutingRule:
    """What an earlier version said, as a new one. InvalidInput where it names what is not there any more."""
    rule = RoutingRule.objects.select_for_update().get(pk=pk)
    version = rule.versions.filter(number=number).first()
    if version is None:
        raise NotAllowedNow(_("There is no version %(number)d.") % {"number": number})
    return _change(rule, checked(Terms.of_content(version.content), is_catch_all=rule.is_catch_all), by, now)


@transaction.atomic
def switch_rule(*, pk: int, is_enabled: bool, by: User) -> RoutingRule:
    """On or off; the catch-all stays on. What rules say is as it was, so it is no new version."""
    rule = RoutingRule.objects.select_for_update().get(pk=pk)
    if rule.is_catch_all:
        raise NotAllowedNow(_("The catch-all cannot be switched off: what no rule takes goes to it."))
    if rule.is_enabled != is_enabled:
        rule.is_enabled = is_enabled
        rule.save(update_fields=["is_enabled"])
        audit.record_change(
            by=by,
            subject=_subject(rule),
            before={"is_enabled": not is_enabled},
            after={"is_enabled": is_enabled},
            of=rule,
        )
    return rule


@transaction.atomic
def move_rule(*, pk: int, by: User, up: bool = False, above: int | None = None) -> RoutingRule:
    """One place up or down among the rules, at an end it stays; or right above another. The catch-all stays last."""
    rules = [rule for rule in all_in_order(RoutingRule.objects.select_for_update()) if not rule.is_catch_all]
    at = next((place for place, rule in enumerate(rules) if rule.pk == pk), None)
    if at is None:
        raise NotAllowedNow(_("The catch-all stays last: what no rule takes goes to it."))
    keys = [rule.pk for rule in rules]
    to = max(0, at - 1) if up else min(len(rules) - 1, at + 1)
    if above is not None:
        if above not in keys or above == pk:
            raise NotAllowedNow(_("That rule is not there any more."))
        to = keys.index(above) - (at < keys.index(above))
    moved = rules.pop(at)
    rules.insert(to, moved)
    for place, rule in enumerate(rules, start=1):
        rule.order = place * _GAP
    RoutingRule.objects.bulk_update(rules, ["order"])
    if to != at:
        audit.record_change(by=by, subject=_subject(moved), before={"place": at + 1}, after={"place": to + 1}, of=moved)
    return moved


@transaction.atomic
def remove_rule(*, pk: int, by: User) -> str:
    """Its name. What it has decided stays decided; the timelines keep what it was called."""
    rule = RoutingRule.objects.select_for_update().get(pk=pk)
    audit.record_change(by=by, subject=_subject(rule), before=audit.snapshot(rule), after={}, of=rule)
    rule.delete()
    return rule.name


@transaction.atomic
def rename_organisation(*, before: str, after: str, by: User, now: datetime) -> None:
    """Rules that name the one that was merged name the one that it went into; what else they say is not looked at."""
    for rule in RoutingRule.objects.select_for_update(of=("self",)).order_by("pk"):
        conditions = renamed(rule.conditions, before, after)
        if conditions != rule.conditions:
            _change(rule, replace(terms_of(rule), conditions=conditions), by, now)


def keep_version(rule: RoutingRule, by: User | None, now: datetime) -> None:
    """What another door has made of a rule becomes a version, where it says anything else than the last one."""
    last = rule.versions.first()
    if last is not None and last.content == terms_of(rule).as_content():
        return
    if last is not None and rule.version <= last.number:
        rule.version = last.number + 1
        rule.save(update_fields=["version"])
    _keep(rule, by, now)


def _change(rule: RoutingRule, terms: Terms, by: User, now: datetime) -> RoutingRule:
    before = audit.snapshot(rule)
    if not rule.versions.exists():
        # Made by hand or by an older desk: what it was can be come back to as well.
        RoutingRuleVersion.objects.create(
            rule=rule, number=rule.version, at=now, content=terms_of(rule).as_content()
        )  # fmt: skip
    put(rule, terms)
    if audit.snapshot(rule) == before:
        return rule
    rule.version += 1
    rule.save()
    _keep(rule, by, now)
    audit.record_change(by=by, subject=_subject(rule), before=before, after=audit.snapshot(rule), of=rule)
    return rule


def put(rule: RoutingRule, terms: Terms) -> None:
    """Terms that were checked, onto a row; nothing is stored."""
    rule.name, rule.event, rule.goes_on = terms.name, terms.event, terms.goes_on
    rule.conditions, rule.actions = dict(terms.conditions), terms.actions
    rule.quiet_for, rule.calendar_id = terms.quiet_for, terms.calendar


def _keep(rule: RoutingRule, by: User | None, now: datetime) -> None:
    RoutingRuleVersion.objects.create(
        rule=rule, number=rule.version, at=now, by=by, content=terms_of(rule).as_content()
    )  # fmt: skip


def _subject(rule: RoutingRule) -> str:
    return f"routing rule {rule.name}"
