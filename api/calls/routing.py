"""The calls about routing rules: administrators read, change and try them (R56-R59)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.fields import Input
from api.inputs.routing import DryRunInput, MoveInput, RuleChange, RuleInput, RuleVersionInput, SwitchInput, TrialInput
from api.pagination import PageParameters, page
from api.shapes.routing import (
    DryRunShape,
    RuleAnalysisShape,
    RulePage,
    RuleShape,
    RuleVersionPage,
    TrialShape,
    dry_run_shape,
    finding_shape,
    rule_shape,
    trial_shape,
    version_shape,
)
from common.errors import InvalidInput
from people.enums import Role
from people.models import User
from tickets import ruling
from tickets.enums import Channel
from tickets.models import RoutingDryRun, RoutingRule
from tickets.permissions import access_ticket
from tickets.routing.editing import Terms, known_now, terms_of
from tickets.routing.judging import all_in_order, findings_in
from tickets.routing.trying import decided_on_text, decided_on_ticket, facts_of_text, rules_with
from tickets.vocabulary import vocabulary_for


def list_rules(ask: Ask) -> RulePage:
    """All rules, switched on or off; `place` says in which order they are asked."""
    places = _places()
    results, next_ = page(
        RoutingRule.objects.all(), ask, lambda rule: rule_shape(rule, places[rule.pk]), newest_first=False
    )
    return {"results": list(results), "next": next_}


def create_rule(ask: Ask) -> RuleShape:
    """The last before the catch-all. `catch_all` makes the catch-all one of the desk's own, once."""
    given = dict(ask.given)
    is_catch_all = given.pop("catch_all", False)
    terms = _terms(Terms(name=""), given)
    return _shown(ruling.add_rule(user=ask.user, terms=terms, now=ask.now, is_catch_all=is_catch_all))


def show_rule(ask: Ask, pk: int) -> RuleShape:
    """One rule as it is now."""
    return _shown(ruling.access_rule(ask.user, pk))


def change_rule(ask: Ask, pk: int) -> RuleShape:
    """A new version; what is not given stays. 409 with `differences` where `version` is not the newest any more."""
    given = dict(ask.given)
    seen = given.pop("version")
    terms = _terms(terms_of(ruling.access_rule(ask.user, pk)), given)
    return _shown(ruling.change_rule(user=ask.user, pk=pk, seen=seen, terms=terms, now=ask.now))


def remove_rule(ask: Ask, pk: int) -> RuleShape:
    """It is gone, as it was last; what it has decided stays. 409 for the catch-all."""
    shape = show_rule(ask, pk)
    ruling.remove_rule(user=ask.user, pk=pk)
    return shape


def switch_rule(ask: Ask, pk: int) -> RuleShape:
    """On or off; 409 for the catch-all."""
    return _shown(ruling.switch_rule(user=ask.user, pk=pk, is_enabled=ask.given["on"]))


def move_rule(ask: Ask, pk: int) -> RuleShape:
    """One place up or down, or right above another rule. The catch-all stays last."""
    to, above = ask.given.get("to"), ask.given.get("above")
    if (to is None) == (above is None):
        raise InvalidInput.of("to", _("Say where to: “to” or “above”."))
    return _shown(ruling.move_rule(user=ask.user, pk=pk, up=to == "up", above=above))


def list_rule_versions(ask: Ask, pk: int) -> RuleVersionPage:
    """What the rule said after each change, the newest first."""
    rows = ruling.access_rule(ask.user, pk).versions.select_related("by")
    results, next_ = page(rows, ask, version_shape)
    return {"results": list(results), "next": next_}


def return_rule(ask: Ask, pk: int) -> RuleShape:
    """What an earlier version said, as a new one."""
    return _shown(ruling.return_to(user=ask.user, pk=pk, number=ask.given["number"], now=ask.now))


def analyse_rules(ask: Ask) -> RuleAnalysisShape:
    """What is wrong with the rules as they are: never reached, never true, contradicting, going round."""
    rules = all_in_order(RoutingRule.objects.all())
    found = findings_in(rules, vocabulary_for(*(rule.conditions for rule in rules)), known_now())
    return {"results": [finding_shape(one, rules) for one in found]}


def try_rules(ask: Ask) -> TrialShape:
    """What would come of a ticket as it came in, or of a text. Nothing is changed."""
    given = dict(ask.given)
    draft, instead_of = _draft(given)
    rules = rules_with(draft, instead_of)
    if ("ticket" in given) == ("subject" in given):
        raise InvalidInput.of("ticket", _("Give a ticket, or a text with its subject."))
    if "ticket" in given:
        ticket = access_ticket(ask.user, given["ticket"])
        return trial_shape(decided_on_ticket(ticket.number, rules, ask.now))
    facts = facts_of_text(
        subject=given["subject"],
        body=given.get("body", ""),
        channel=given.get("channel", Channel.WEB),
        customer=_customer(given.get("customer", "")),
    )
    return trial_shape(decided_on_text(facts, rules, ask.now))


def ask_dry_run(ask: Ask) -> DryRunShape:
    """On the tickets of the last days, by a worker. With a `rule` it is compared with the rules as they are."""
    given = dict(ask.given)
    draft, instead_of = _draft(given)
    run = ruling.ask_dry_run(user=ask.user, days=given["days"], now=ask.now, draft=draft, instead_of=instead_of)
    return _run_shown(run, ask)


def show_dry_run(ask: Ask, pk: int) -> DryRunShape:
    """How far it has come, and when it has ended what it has found; kept for a week."""
    return _run_shown(ruling.access_dry_run(ask.user, pk), ask)


def _run_shown(run: RoutingDryRun, ask: Ask) -> DryRunShape:
    return dry_run_shape(run, ask.links.to("routing-dry-run", pk=run.pk))


def _shown(rule: RoutingRule) -> RuleShape:
    return rule_shape(rule, _places()[rule.pk])


def _places() -> dict[int, int]:
    return {rule.pk: place for place, rule in enumerate(all_in_order(RoutingRule.objects.all()), start=1)}


def _terms(base: Terms, given: Mapping[str, Any]) -> Terms:
    made = dict(given)
    if "quiet_for_seconds" in made:
        seconds = made.pop("quiet_for_seconds")
        made["quiet_for"] = timedelta(seconds=seconds) if seconds is not None else None
    return replace(base, **made)


def _draft(given: dict[str, Any]) -> tuple[Terms | None, int | None]:
    draft, instead_of = given.pop("rule", None), given.pop("instead_of", None)
    if draft is None and instead_of is not None:
        raise InvalidInput.of("rule", _("Give the rule that is tried instead."))
    return (_terms(Terms(name=""), draft) if draft is not None else None), instead_of


def _customer(address: str) -> User | None:
    if not address:
        return None
    found = User.objects.select_related("organisation").filter(email__iexact=address).first()
    if found is None:
        raise InvalidInput.of("customer", _("Nobody here has this address; leave it empty for somebody new."))
    return found


def _call(act: Any, answer: Any, body: type[Any] = Input, status: int = HTTPStatus.OK, **more: Any) -> Call:
    return Call(act, Role.ADMIN, answer, body=body, status=status, sees=Role.ADMIN, **more)


rules = endpoint(
    GET=_call(list_rules, RulePage, parameters=PageParameters),
    POST=_call(create_rule, RuleShape, RuleInput, HTTPStatus.CREATED),
)
rule = endpoint(
    GET=_call(show_rule, RuleShape),
    PATCH=_call(change_rule, RuleShape, RuleChange),
    DELETE=_call(remove_rule, RuleShape),
)
verbs = {
    "switch": endpoint(POST=_call(switch_rule, RuleShape, SwitchInput)),
    "move": endpoint(POST=_call(move_rule, RuleShape, MoveInput)),
    "return": endpoint(POST=_call(return_rule, RuleShape, RuleVersionInput)),
}
versions = endpoint(GET=_call(list_rule_versions, RuleVersionPage, parameters=PageParameters))
analysis = endpoint(GET=_call(analyse_rules, RuleAnalysisShape))
trial = endpoint(POST=_call(try_rules, TrialShape, TrialInput))
dry_runs = endpoint(POST=_call(ask_dry_run, DryRunShape, DryRunInput, HTTPStatus.ACCEPTED))
dry_run = endpoint(GET=_call(show_dry_run, DryRunShape))
