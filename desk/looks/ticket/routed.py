"""What rules did to a ticket: as a line of its timeline, and why, as far as it was kept (R56)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.routing import Account, Book, Do, Verdict, compiled, recorded

# Of one ticket; who needs more looks at its timeline.
MOST = 30


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the rules, and when; `fired` and the `others` in the order in which they were asked."""

    at: datetime
    when: str
    account: Account
    fired: list[Any]
    others: list[Any]
    cut: str = ""


def sentence(data: Mapping[str, Any], who: str) -> tuple[str, str]:
    """An icon and the words for the timeline."""
    known = {"team": data.get("team", ""), "rule": data.get("rule", "")}
    if data.get("event") == "waiting":
        return "route", _("An owner is there at last")
    if not known["team"]:
        return "route", _("Rule “%(rule)s” fired") % known
    if known["rule"]:
        return "route", _("Routed to %(team)s by rule “%(rule)s”") % known
    return "route", _("Routed to %(team)s") % known


def left(data: Mapping[str, Any], who: str) -> tuple[str, str]:
    """What a rule was to do and what came to nothing; the reason stands beside it."""
    known = {"rule": data.get("rule", ""), "what": Do(data["do"]).label if data.get("do") in Do.values else ""}
    return "x", _("Left undone by rule “%(rule)s”: %(what)s") % known


def noted(data: Mapping[str, Any], who: str) -> tuple[str, str]:
    if data.get("rule"):
        return "lock", _("Rule “%(rule)s” left a note") % {"rule": data["rule"]}
    return "lock", _("%(who)s left a note") % {"who": who or _("The desk")}


def cut(data: Mapping[str, Any], who: str) -> tuple[str, str]:
    known = {"rounds": data.get("rounds", 0), "rule": data.get("rule", "")}
    words = _("Rules set each other off %(rounds)d times, so that was the end: “%(rule)s” was not asked any more")
    return "alert-triangle", words % known


def decisions(ticket: Ticket) -> list[Decided]:
    """The newest first. What was routed before there was anything to keep says its team and rule only."""
    book = compiled()
    kinds = (EventKind.ROUTED, EventKind.ROUTING_CUT)
    rows = ticket.events.filter(kind__in=kinds).order_by("-at", "-pk")[:MOST]
    return [_decided(row, book) for row in rows]


def _decided(event: Event, book: Book) -> Decided:
    account = recorded(event.data, book)
    said = cut(event.data, "")[1] if event.kind == EventKind.ROUTING_CUT else ""
    return Decided(event.at, _when(event.data), account, *_parted(account.rules), said)


def _parted(rules: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    fired = [rule for rule in rules if rule.verdict == Verdict.FIRED]
    return fired, [rule for rule in rules if rule.verdict != Verdict.FIRED]


def _when(data: Mapping[str, Any]) -> str:
    words = {"change": _("at a change"), "quiet": _("after quiet time"), "waiting": _("from the line of those waiting")}
    return words.get(str(data.get("event", "")), _("on arrival"))
