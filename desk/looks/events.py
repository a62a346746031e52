"""The timeline in words: one table from an event's kind to an icon and a sentence."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.looks.waits import wait_words
from desk.templatetags.desk_time import clock_text, words
from escalation.enums import Audience, Cause, DeadlineKind, Decision, Duty, LinkRelation, Verdict
from sla.enums import Metric, ThresholdAction, Told
from sla.thresholds import at_key, position_words
from tickets.enums import RELATION_BACK, Channel, EventKind, Kind, MergeSide, Priority, Relation, Status
from tickets.models import Event


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    icon: str
    text: str
    detail: str = ""


class _Words(NamedTuple):
    """`text` names the event's data and `who`; where nobody did it, `alone` is said."""

    icon: str
    text: Promise
    alone: Promise | None = None


# Data that is a code in the database and a word on the page.
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

_LINKED = _Words("link", gettext_lazy("%(who)s linked %(this)s: %(relation)s %(other)s"))
_UNLINKED = _Words("unlink", gettext_lazy("%(who)s took away a link of %(this)s: %(relation)s %(other)s"))

_WORDS: dict[str, _Words] = {
    EventKind.OPENED: _Words("ticket", gettext_lazy("%(who)s opened it, %(channel)s")),
    EventKind.REPLIED: _Words("message-2", gettext_lazy("%(who)s replied")),
    EventKind.CUSTOMER_WROTE: _Words("message-2", gettext_lazy("%(who)s wrote")),
    EventKind.NOTED: _Words("lock", gettext_lazy("%(who)s left a note")),
    EventKind.STATUS: _Words(
        "circle-half-2",
        gettext_lazy("%(who)s changed the status: %(before)s → %(after)s"),
        gettext_lazy("Status: %(before)s → %(after)s"),
    ),
    EventKind.PRIORITY: _Words("flag", gettext_lazy("%(who)s changed the priority: %(before)s → %(after)s")),
    EventKind.IMPORTED: _Words("download", gettext_lazy("Imported from %(source)s, as %(key)s")),
    EventKind.RATED: _Words("star", gettext_lazy("%(who)s says how it was: %(score)s of 5")),
    EventKind.TRASHED: _Words("trash", gettext_lazy("%(who)s put it away")),
    EventKind.RESTORED: _Words("arrow-back-up", gettext_lazy("%(who)s brought it back")),
    "mail.reported": _Words("mail-x", gettext_lazy("A mail server reported about %(about)s")),
    "mail.away": _Words("robot", gettext_lazy("%(about)s answered automatically")),
    "mail.noticed": _Words("robot", gettext_lazy("A program of %(about)s wrote")),
    "mail.cleared": _Words("mail-check", gettext_lazy("%(who)s says that %(address)s works")),
    "mail.follower_added": _Words("eye", gettext_lazy("%(who)s made %(whom)s a watcher")),
    "mail.follower_removed": _Words("eye-off", gettext_lazy("%(who)s took %(whom)s off the watchers")),
    "mail.forwarded": _Words("mail-forward", gettext_lazy("%(who)s forwarded a message to %(whom)s")),
    "mail.side_opened": _Words("message-plus", gettext_lazy("%(who)s wrote to a third party, %(whom)s")),
    "mail.side_wrote": _Words("send", gettext_lazy("%(who)s wrote again to %(whom)s")),
    "mail.side_answered": _Words("mail", gettext_lazy("%(whom)s answered, beside the ticket")),
    "mail.side_failed": _Words("mail-x", gettext_lazy("A mail to %(whom)s did not arrive")),
    "sla.warned": _Words("clock-exclamation", gettext_lazy("%(metric)s: %(percent)s%% of the time is used")),
    "sla.breached": _Words("alert-octagon", gettext_lazy("%(metric)s is past due")),
    "sla.internal_missed": _Words("lock", gettext_lazy("Internal: %(team)s has used up its time")),
    "escalation.criterion_met": _Words("target-arrow", gettext_lazy("The criterion “%(criterion)s” was met")),
    "escalation.proposal_dismissed": _Words(
        "x", gettext_lazy("%(who)s dismissed what “%(criterion)s” proposed: %(reason)s")
    ),
    "escalation.requested": _Words(
        "gavel",
        gettext_lazy("%(who)s asked %(decider)s to decide, %(ref)s"),
        gettext_lazy("%(decider)s is asked to decide, %(ref)s"),
    ),
    "escalation.approved": _Words("circle-check", gettext_lazy("%(who)s decided %(ref)s: %(decision)s")),
    "escalation.declined": _Words("circle-x", gettext_lazy("%(who)s declined %(ref)s")),
    "escalation.withdrawn": _Words("arrow-back-up", gettext_lazy("%(who)s withdrew %(ref)s")),
    "escalation.returned": _Words("arrow-back-up", gettext_lazy("%(who)s returned %(ref)s")),
    "escalation.acknowledged": _Words("user-check", gettext_lazy("%(who)s acknowledged %(ref)s, the ladder stopped")),
    "escalation.accepted": _Words("user-check", gettext_lazy("%(who)s accepted %(ref)s for %(team)s")),
    "escalation.convened": _Words("users", gettext_lazy("Came back %(count)s times: %(whom)s decide whose it is")),
    "escalation.communication_begun": _Words("speakerphone", gettext_lazy("%(who)s moved %(ref)s to Communicate")),
    "escalation.communicated": _Words("send", gettext_lazy("%(who)s wrote an update to: %(audience)s")),
    "escalation.planned": _Words("list-check", gettext_lazy("%(who)s made plan version %(version)s")),
    "escalation.task_done": _Words("check", gettext_lazy("%(who)s finished “%(title)s”")),
    "escalation.guide_begun": _Words("book", gettext_lazy("%(who)s began with %(count)s steps of the guide taken")),
    "escalation.guide_ticked": _Words("check", gettext_lazy("%(who)s took the step “%(title)s”")),
    "escalation.guide_unticked": _Words("arrow-back-up", gettext_lazy("%(who)s took back the step “%(title)s”")),
    "escalation.resolution_begun": _Words("tool", gettext_lazy("%(who)s moved %(ref)s to Resolve")),
    "escalation.resolved": _Words("flag", gettext_lazy("%(who)s declared %(ref)s resolved")),
    "escalation.verified": _Words("clipboard-check", gettext_lazy("%(who)s verified the resolution")),
    "escalation.problem_opened": _Words("bug", gettext_lazy("%(who)s opened the problem record #%(number)s")),
    "escalation.tasks_opened": _Words("checklist", gettext_lazy("%(who)s opened tasks to prevent it: %(numbers)s")),
    "escalation.services": _Words("box", gettext_lazy("%(who)s named the services of %(ref)s: %(services)s")),
    "escalation.customer_removed": _Words("x", gettext_lazy("%(who)s took %(name)s off the affected customers")),
    "escalation.customer_left_out": _Words("x", gettext_lazy("%(who)s: no update is owed to %(name)s: %(reason)s")),
    "escalation.first_word_failed": _Words("send", gettext_lazy("The first word did not go out by itself: %(reason)s")),
    "escalation.access_taken_back": _Words(
        "arrow-back-up", gettext_lazy("%(who)s took back the access of %(name)s: %(reason)s")
    ),
    "escalation.cause_chosen": _Words("target-arrow", gettext_lazy("%(who)s chose the cause: %(cause)s")),
    "escalation.reopened": _Words("rotate-clockwise", gettext_lazy("%(who)s reopened %(ref)s")),
    "escalation.closed": _Words("circle-check", gettext_lazy("%(who)s closed %(ref)s")),
    "escalation.deescalated": _Words("arrow-down", gettext_lazy("%(who)s de-escalated %(ref)s")),
    "escalation.rung_sent": _Words("bell-ringing", gettext_lazy("Level %(level)s alerted: %(who_told)s")),
    "escalation.rung_repeated": _Words(
        "bell-ringing", gettext_lazy("Level %(level)s alerted again (%(time)s): %(who_told)s")
    ),
    "escalation.ladder_again": _Words(
        "bell-ringing", gettext_lazy("A promise was missed: the ladder starts again, round %(round)s")
    ),
    "escalation.widened": _Words("users-plus", gettext_lazy("Not resolved in time: %(who_told)s drawn in")),
    "escalation.widened_to_nobody": _Words(
        "users-plus", gettext_lazy("Not resolved in time; nobody further up is there to be drawn in")
    ),
    "escalation.rung_skipped": _Words("bell", gettext_lazy("Level %(level)s has nobody and was skipped")),
    "escalation.gave_way": _Words("arrow-right", gettext_lazy("%(ref)s ended: %(by)s goes on with the missed promise")),
    "escalation.goes_on": _Words("arrow-right", gettext_lazy("%(ref)s goes on beside %(by)s")),
    "escalation.summary_sent": _Words("file-text", gettext_lazy("%(who)s sent the executive summary to %(whom)s")),
    "escalation.handed_up": _Words("arrow-up", gettext_lazy("%(who)s hands %(ref)s over to %(whom)s")),
    "escalation.taken_over": _Words("user-check", gettext_lazy("%(who)s took %(ref)s over from %(whom)s")),
    "escalation.responsible": _Words("user-cog", gettext_lazy("%(who)s named for %(role)s: %(person)s")),
    "escalation.task_force": _Words("users-plus", gettext_lazy("%(who)s called to the task force: %(people)s")),
    "escalation.force_suspended": _Words("users", gettext_lazy("The task force is suspended, its people are free")),
    "escalation.force_called_back": _Words("users", gettext_lazy("%(who)s called the task force back")),
    "escalation.technical_plan": _Words(
        "tool", gettext_lazy("%(who)s presented version %(version)s of the technical plan")
    ),
    "escalation.plan_reviewed": _Words(
        "clipboard-check", gettext_lazy("%(who)s read version %(version)s of the technical plan: %(verdict)s")
    ),
    "escalation.linked": _LINKED,
    "escalation.ticket_linked": _LINKED,
    "escalation.unlinked": _UNLINKED,
    "escalation.ticket_unlinked": _UNLINKED,
    "escalation.related_resolved": _Words("link", gettext_lazy("%(who)s solved linked tickets: %(numbers)s")),
    "escalation.analysis_requested": _Words("zoom-exclamation", gettext_lazy("%(who)s asked for an analysis")),
    "escalation.analysis_written": _Words("pencil", gettext_lazy("%(who)s wrote on the analysis")),
    "escalation.analysis_submitted": _Words("report-analytics", gettext_lazy("%(who)s submitted the analysis")),
    "escalation.action_done": _Words("check", gettext_lazy("%(who)s finished “%(title)s”")),
    "escalation.rca_composed": _Words("file-text", gettext_lazy("%(who)s composed the analysis for %(whom)s")),
    "escalation.rca_checked": _Words("eye", gettext_lazy("%(who)s checked the analysis for %(whom)s")),
    "escalation.rca_sent": _Words("send", gettext_lazy("%(who)s sent the analysis to %(whom)s")),
    "escalation.praised": _Words("heart", gettext_lazy("%(who)s thanked %(whom)s")),
    "escalation.overridden": _Words("key", gettext_lazy("%(who)s set the condition “%(condition)s” aside")),
}


def _routed(data: dict[str, Any], who: str) -> tuple[str, str]:
    if data.get("rule"):
        return "route", _("Routed to %(team)s by rule “%(rule)s”") % {"team": data.get("team"), "rule": data["rule"]}
    return "route", _("Routed to %(team)s") % {"team": data.get("team", "")}


def _assigned(data: dict[str, Any], who: str) -> tuple[str, str]:
    given = ", ".join(part for part in (data.get("assignee"), data.get("team")) if part)
    if data.get("unowned"):
        long = words(timedelta(seconds=data["unowned"]))
        given = _("%(given)s; it was nobody's for %(long)s") % {"given": given, "long": long}
    if who:
        return "user-check", _("%(who)s assigned it: %(given)s") % {"who": who, "given": given}
    return "user-check", _("Assigned: %(given)s") % {"given": given}


def _snoozed(data: dict[str, Any], who: str) -> tuple[str, str]:
    until = parse_datetime(data.get("until", ""))
    if until is None:
        return "clock-play", _("It is back")
    return "clock-pause", _("%(who)s lets it rest until %(until)s") % {"who": who, "until": clock_text(until)}


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
    return "stairs-up", _("%(ref)s opened at severity %(severity)s by a missed promise") % known


def _overdue(data: dict[str, Any], who: str) -> tuple[str, str]:
    if data.get("audience"):
        known = {"promise": data["promise"], "audience": data["audience"]}
        return "clock-x", _("Communication overdue: %(promise)s, %(audience)s") % known
    return "clock-x", _("Missed: %(promise)s") % {"promise": data.get("promise", "")}


_SENTENCES: dict[str, Callable[[dict[str, Any], str], tuple[str, str]]] = {
    EventKind.ROUTED: _routed,
    EventKind.ASSIGNED: _assigned,
    EventKind.TAGGED: _tagged,
    "sla.threshold": _threshold,
    EventKind.MERGED: _merged,
    EventKind.SNOOZED: _snoozed,
    EventKind.SPLIT: _split,
    EventKind.LINKED: _linked,
    EventKind.CHANGED: _changed,
    "escalation.changed": _changed,
    "escalation.opened": _opened,
    "escalation.customers_added": _customers_added,
    "escalation.access_confirmed": _access,
    "escalation.access_waived": _access_waived,
    "escalation.deadline_missed": _overdue,
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
    """Nobody did it, but a threshold of a policy."""
    return _("by a threshold of the policy") if data.get("by_rule") else ""


def _from_table(event: Event, data: dict[str, Any], who: str) -> tuple[str, str]:
    words = _WORDS.get(event.kind)
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
