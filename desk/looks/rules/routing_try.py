"""A try of the rules on one ticket or one text: which takes it, what comes of it, and why. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from django.utils.translation import gettext as _

from people.models import User
from tickets.conditions import Facts
from tickets.enums import Priority
from tickets.models import RoutingRule, Ticket
from tickets.routing import Account, Decision, Verdict, book_of, decide, explain
from tickets.routing.explaining import OfOwner, OfRule
from tickets.routing.replaying import arrivals
from tickets.routing.roster import People
from tickets.routing.trying import facts_of_text


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One rule in the account; `mark` is yes, no or past. What was never asked stands as one line."""

    mark: str
    title: str
    parts: Sequence[tuple[str, str, bool]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class TryLook:
    """`what` was tried: the ticket's number and subject, or the text's. `effects`: what would be done besides."""

    what: str
    sentence: str
    hit: Sequence[int]
    lines: Sequence[WhyLine]
    owner: OfOwner | None
    now_with: str
    milliseconds: float
    effects: Sequence[str] = ()


def try_on(ticket: Ticket, rules: Sequence[RoutingRule], now: datetime) -> TryLook:
    """As the ticket was when it came in. Its facts are read from its timeline backwards."""
    book = book_of(rules)
    ((_number, slug, facts),) = arrivals([ticket.number], book.keys)
    team = book.known.teams.get(slug, "")
    return _look(f"#{ticket.number} {ticket.subject}", facts, rules, now, now_with=team)


def try_text(
    *, subject: str, body: str, channel: str, customer: User | None, rules: Sequence[RoutingRule], now: datetime
) -> TryLook:
    """As if it came in now."""
    facts = facts_of_text(subject=subject, body=body, channel=channel, customer=customer)
    return _look(subject or body[:60], facts, rules, now)


def _look(what: str, facts: Facts, rules: Sequence[RoutingRule], now: datetime, *, now_with: str = "") -> TryLook:
    book, people = book_of(rules), People(now)
    began = perf_counter()
    decision = decide(book, replace(facts, team=""), people)
    account = explain(decision)
    spent = (perf_counter() - began) * 1000
    places = {rule.pk or 0: place for place, rule in enumerate(rules, start=1)}
    return TryLook(
        what,
        _sentence(decision, account, places),
        [rule.key for rule in decision.fired],
        _why(account, places),
        account.owner,
        now_with,
        spent,
        account.effects,
    )


def _sentence(decision: Decision, account: Account, places: Mapping[int, int]) -> str:
    """“Rule 2 takes it: Payments, severity 1, Anna Lindqvist.”"""
    team = decision.book.known.teams.get(decision.team, "")
    said = [team or _("no team")]
    if decision.priority:
        said.append(_("priority %(priority)s") % {"priority": Priority(decision.priority).label})
    if decision.severity:
        said.append(_("severity %(severity)d") % {"severity": decision.severity})
    said += [_("tag %(tag)s") % {"tag": tag} for tag in decision.tags]
    if account.owner is not None and account.owner.name:
        said.append(account.owner.name)
    rule = decision.rule
    values = {"what": ", ".join(said), "n": places.get(rule.key, 0) if rule else 0}
    if rule is None or rule.is_catch_all:
        return _("The catch-all takes it: %(what)s.") % values
    return _("Rule %(n)d takes it: %(what)s.") % values


def _why(account: Account, places: Mapping[int, int]) -> list[WhyLine]:
    lines = [_why_line(rule, places) for rule in account.rules if rule.verdict != Verdict.NOT_ASKED]
    never = sorted(places[rule.key] for rule in account.rules if rule.verdict == Verdict.NOT_ASKED)
    if never:
        first, last = never[0], never[-1]
        title = _("%(first)d to %(last)d") % {"first": first, "last": last} if first != last else str(first)
        ended = max(places[rule.key] for rule in account.rules if rule.verdict == Verdict.FIRED)
        lines.append(WhyLine("past", title, [], _("not asked, rule %(n)d ended the search") % {"n": ended}))
    return lines


def _why_line(rule: OfRule, places: Mapping[int, int]) -> WhyLine:
    fired = rule.verdict == Verdict.FIRED
    title = f"{places.get(rule.key, rule.number)} {rule.name}"
    parts = [(part.words, part.found, part.holds) for part in rule.parts if fired or not part.holds]
    return WhyLine("yes" if fired else "no", title, parts, " ".join(rule.warnings))
