"""The timeline in words: one table from an event's kind to an icon and a sentence."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.looks.ticket import routed
from desk.looks.ticket.event_table import WORDS
from desk.looks.ticket.waits import wait_words
from desk.templatetags.desk_time import clock_text, words
from escalation.enums import Audience, Cause, DeadlineKind, Decision, Duty, LinkRelation, Verdict
from escalation.procedures.conditions import RULES
from sla.enums import Metric, ThresholdAction, Told
from sla.firing import RULE as THRESHOLD
from sla.thresholds import at_key, position_words
from tickets.enums import RELATION_BACK, Channel, EventKind, Kind, MergeSide, Priority, Relation, Status
from tickets.models import Event


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    icon: str
    text: str
    detail: str = ""


_CODES: dict[str, type[Any]] = {
    "channel": Channel,
    "before": Status,
    "after": Status,
    "metric": Metric,
    "audience": Audience,
    "decision": Decision,
    "cause": Cause,
    "promise": DeadlineKind,
    "role": Duty,
    "verdict": Verdict,
}

# A custom field may hold the word “open”: what it says is no status.
_OTHER_CODES: dict[str, dict[str, type[Any]]] = {
    EventKind.PRIORITY: {"before": Priority, "after": Priority},
    EventKind.CHANGED: {},
    "escalation.changed": {},
    **{
        f"escalation.{what}": {"relation": LinkRelation}
        for what in ("linked", "unlinked", "ticket_linked", "ticket_unlinked")
    },
}

# What the conversation shows as a message need not be told a second time.
SAID_BY_MESSAGES = frozenset(
    {EventKind.REPLIED, EventKind.CUSTOMER_WROTE, EventKind.NOTED, "mail.reported", "mail.away", "mail.noticed"}
)


def _assigned(data: dict[str, Any], who: str) -> tuple[str, str]:
    given = ", ".join(part for part in (data.get("assignee"), data.get("team")) if part)
    if data.get("unowned"):
        long = words(timedelta(seconds=data["unowned"]))
        given = _("%(given)s; it was nobody's for %(long)s") % {"given": given, "long": long}
    if who:
        return "user-check", _("%(who)s assigned it: %(given)s") % {"who": who, "given": given}
    return "user-check", _("Assigned: %(given)s") % {"given": given}


def _judged(data: dict[str, Any], who: str) -> tuple[str, str]:
    if data["helped"]:
        return "thumb-up", _("%(who)s says that a reply has helped") % {"who": who}
    return "thumb-down", _("%(who)s says that a reply has not helped") % {"who": who}


def _snoozed(data: dict[str, Any], who: str) -> tuple[str, str]:
    until = parse_datetime(data.get("until", ""))
    if until is None:
        return "clock-play", _("It is back")
    return "clock-pause", _("%(who)s snoozed it until %(until)s") % {"who": who, "until": clock_text(until)}


def _tagged(data: dict[str, Any], who: str) -> tuple[str, str]:
    if not who:
        words = _("The tag “%(tag)s” went") if data.get("removed") else _("The tag “%(tag)s” came")
        return "tag", words % {"tag": data.get("removed") or data.get("added", "")}
    if data.get("removed"):
        return "tag", _("%(who)s removed the tag “%(tag)s”") % {"who": who, "tag": data["removed"]}
    return "tag", _("%(who)s added the tag “%(tag)s”") % {"who": who, "tag": data.get("added", "")}


def _threshold(data: dict[str, Any], who: str) -> tuple[str, str]:
    done = "; ".join(_DONE[one["do"]](one) for one in data["done"])
    known = {"metric": data["metric"], "position": position_words(at_key(data["position"])), "done": done}
    return "clock-exclamation", _("%(metric)s, %(position)s: %(done)s") % known


def _told(done: dict[str, Any]) -> str:
    return _("%(whom)s alerted") % {"whom": Told(done["value"]).label}


def _raised(done: dict[str, Any]) -> str:
    if done["before"] == done["after"]:
        return _("the priority is %(priority)s already") % {"priority": Priority(done["after"]).label}
    known = {"before": Priority(done["before"]).label, "after": Priority(done["after"]).label}
    return _("priority raised: %(before)s → %(after)s") % known


def _given(done: dict[str, Any]) -> str:
    if done.get("missing"):
        return _("not given to “%(team)s”: there is no such team any more") % {"team": done["value"]}
    return _("given to %(team)s") % {"team": done["value"]}


def _escalated(done: dict[str, Any]) -> str:
    if done["value"]:
        return _("to be escalated along “%(ladder)s”") % {"ladder": done["value"]}
    return _("to be escalated along the team's ladder")


_DONE: dict[str, Callable[[dict[str, Any]], str]] = {
    ThresholdAction.NOTIFY: _told,
    ThresholdAction.TAG: lambda done: _("tag “%(tag)s” added") % {"tag": done["value"]},
    ThresholdAction.RAISE: _raised,
    ThresholdAction.REASSIGN: _given,
    ThresholdAction.ESCALATE: _escalated,
}


_MERGES = {
    MergeSide.AWAY: gettext_lazy("%(who)s merged it into #%(number)s"),
    MergeSide.IN: gettext_lazy("%(who)s merged #%(number)s into it"),
    MergeSide.BACK: gettext_lazy("%(who)s took it out of #%(number)s again"),
    MergeSide.OUT: gettext_lazy("%(who)s took #%(number)s out again"),
}


def _macro(data: dict[str, Any], who: str) -> tuple[str, str]:
    known = {"who": who, "macro": data.get("macro", ""), "did": ", ".join(data.get("did", ()))}
    return "list-check", _("%(who)s applied the macro “%(macro)s”: %(did)s") % known


def _merged(data: dict[str, Any], who: str) -> tuple[str, str]:
    text = str(_MERGES[data["side"]]) % {"who": who or _("The desk"), "number": data.get("number", "")}
    if not data.get("customer"):
        return "git-merge", text
    beside = _("the words of %(customer)s are internal here") % {"customer": data["customer"]}
    return "git-merge", f"{text}; {beside}"


_SPLITS = {
    "in": gettext_lazy("%(who)s split it from #%(number)s"),
    "out": gettext_lazy("%(who)s made #%(number)s of one of its messages"),
}


def _split(data: dict[str, Any], who: str) -> tuple[str, str]:
    return "unlink", str(_SPLITS[data["side"]]) % {"who": who or _("The desk"), "number": data.get("number", "")}


def _linked(data: dict[str, Any], who: str) -> tuple[str, str]:
    known = {"who": who, "relation": relation_words(data["relation"], data["side"]), "number": data["number"]}
    if data.get("removed"):
        return "unlink", _("%(who)s took away the link: %(relation)s #%(number)s") % known
    return "link", _("%(who)s linked it: %(relation)s #%(number)s") % known


def relation_words(relation: str, side: str) -> str:
    """How this ticket stands to the other: `out` from where the link begins, `in` from its end."""
    return str(Relation(relation).label if side == "out" else RELATION_BACK[Relation(relation)])


def _changed(data: dict[str, Any], who: str) -> tuple[str, str]:
    codes = dict(Kind.choices) if data["what"] == "kind" else {}
    known = {
        "who": who or _("The desk"),
        "what": data.get("label") or (_("the impact") if data["what"] == "impact" else _("the type")),
        "before": codes.get(data["before"], data["before"]) or "–",
        "after": codes.get(data["after"], data["after"]) or "–",
    }
    return "pencil", _("%(who)s changed %(what)s: %(before)s → %(after)s") % known


def _customers_added(data: dict[str, Any], who: str) -> tuple[str, str]:
    words = ngettext("%(who)s added %(n)d affected customer", "%(who)s added %(n)d affected customers", data["count"])
    return "users", words % {"who": who or _("The desk"), "n": data["count"]}


def _access(data: dict[str, Any], who: str) -> tuple[str, str]:
    count = data.get("count", 1)
    words = ngettext(
        "%(who)s confirmed that the customer has access", "%(who)s confirmed the access of %(n)d customers", count
    )
    return "key", words % {"who": who, "n": count}


def _access_waived(data: dict[str, Any], who: str) -> tuple[str, str]:
    words = ngettext(
        "%(who)s waits for the access of %(n)d customer no more",
        "%(who)s waits for the access of %(n)d customers no more",
        data["count"],
    )
    return "key", words % {"who": who, "n": data["count"]}


def _opened(data: dict[str, Any], who: str) -> tuple[str, str]:
    known = {"who": who, "ref": data["ref"], "severity": data.get("severity", ""), "team": data.get("team", "")}
    if data.get("position"):
        known |= {"metric": data["metric"], "position": position_words(at_key(data["position"]))}
        return "stairs-up", _("%(ref)s opened at severity %(severity)s: %(metric)s, %(position)s") % known
    if who:
        return "stairs-up", _("%(who)s escalated to %(team)s, %(ref)s at severity %(severity)s") % known
    if data.get("metric") == Metric.INTERNAL.label:
        return "stairs-up", _("%(ref)s opened at severity %(severity)s by a missed internal target") % known
    if not data.get("metric"):
        return "stairs-up", _("%(ref)s went to %(team)s at severity %(severity)s") % known
    return "stairs-up", _("%(ref)s opened at severity %(severity)s by a missed promise") % known


def _overridden(data: dict[str, Any], who: str) -> tuple[str, str]:
    rule = RULES.get(data["condition"])
    known = {"who": who or _("The desk"), "condition": rule.sentence if rule else data["condition"]}
    return "key", _("%(who)s set the condition “%(condition)s” aside") % known


def _overdue(data: dict[str, Any], who: str) -> tuple[str, str]:
    if data.get("audience"):
        known = {"promise": data["promise"], "audience": data["audience"]}
        return "clock-x", _("Communication overdue: %(promise)s, %(audience)s") % known
    return "clock-x", _("Missed: %(promise)s") % {"promise": data.get("promise", "")}


_SENTENCES: dict[str, Callable[[dict[str, Any], str], tuple[str, str]]] = {
    EventKind.ROUTED: routed.sentence,
    EventKind.ROUTING_CUT: routed.cut,
    EventKind.RULE_LEFT: routed.left,
    EventKind.MACRO: _macro,
    EventKind.NOTED: routed.noted,
    EventKind.ASSIGNED: _assigned,
    EventKind.TAGGED: _tagged,
    "sla.threshold": _threshold,
    EventKind.MERGED: _merged,
    EventKind.SNOOZED: _snoozed,
    EventKind.REPLY_JUDGED: _judged,
    EventKind.SPLIT: _split,
    EventKind.LINKED: _linked,
    EventKind.CHANGED: _changed,
    "escalation.changed": _changed,
    "escalation.opened": _opened,
    "escalation.customers_added": _customers_added,
    "escalation.access_confirmed": _access,
    "escalation.access_waived": _access_waived,
    "escalation.deadline_missed": _overdue,
    "escalation.overridden": _overridden,
}


def line(event: Event) -> Line:
    """One event in words. A kind that nobody described is shown by its name rather than hidden."""
    who = event.actor.name if event.actor else ""
    data = _readable(event)
    if event.kind in _SENTENCES:
        icon, text = _SENTENCES[event.kind](data, who)
    else:
        icon, text = _from_table(event, data, who)
    detail = str(data.get("reason") or data.get("note") or _rule(data))
    return Line(event.at, icon, text, wait_words(str(data.get("waits_for") or ""), detail))


def _rule(data: dict[str, Any]) -> str:
    """Nobody did it, but a threshold of a policy; what a routing rule does says so by itself."""
    return _("by a threshold of the policy") if data.get("by_rule") == THRESHOLD else ""


def _from_table(event: Event, data: dict[str, Any], who: str) -> tuple[str, str]:
    words = WORDS.get(event.kind)
    if words is None:
        return "history", event.label
    template = words.text if who or words.alone is None else words.alone
    known: dict[str, Any] = defaultdict(str, data)
    known["who_told"] = data.get("who", "")
    known["who"] = who or _("The desk")
    return words.icon, str(template) % known


def _readable(event: Event) -> dict[str, Any]:
    codes = _OTHER_CODES.get(event.kind, _CODES)
    data = {key: _word(codes.get(key), value) for key, value in event.data.items()}
    return {**data, "ref": event.reference}


def _word(codes: type[Any] | None, value: Any) -> Any:
    if codes is None:
        return value
    return dict(codes.choices).get(value, value)
