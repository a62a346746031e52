"""What a rule says, calls and escalates: checked where a person gives it, and put into words. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import many_lines
from tickets.routing.action import ESCALATES, SEVERITIES, Action, Do, Known, Mistake, Raise

NOTE_LIMIT = 2000
# What an action may say besides `do` and `value`.
OF_ESCALATIONS = ("team", "severity", "reason", "ladder")


def reply(one: Mapping[str, Any], known: Known) -> Action:
    """By its title: what fits the customer's language and the ticket's team is chosen when it is sent."""
    title = one.get("value")
    if not isinstance(title, str) or not _has(known.replies, title):
        raise Mistake(_("There is no quick reply “%(value)s”.") % {"value": str(title)[:80]})
    return Action(Do.REPLY, title)


def note(one: Mapping[str, Any], known: Known) -> Action:
    try:
        return Action(Do.NOTE, many_lines(one.get("value"), field="actions", limit=NOTE_LIMIT))  # type: ignore[arg-type] # anything else is refused as no text
    except (InvalidInput, AttributeError, TypeError):
        raise Mistake(_("A note is a text of 1 to %(limit)d characters.") % {"limit": NOTE_LIMIT}) from None


def webhook(one: Mapping[str, Any], known: Known) -> Action:
    name = one.get("value")
    if not isinstance(name, str) or not _has(known.endpoints, name):
        raise Mistake(_("There is no webhook “%(value)s”.") % {"value": str(name)[:80]})
    return Action(Do.WEBHOOK, name)


def escalate(one: Mapping[str, Any], known: Known) -> Action:
    kind, team, severity = one.get("value"), one.get("team", ""), one.get("severity")
    if kind not in Raise.values:
        raise Mistake(_("An escalation is one of %(known)s.") % {"known": ", ".join(Raise.values)})
    if kind == Raise.FUNCTIONAL and team not in known.teams:
        raise Mistake(_no_team(team))
    if kind == Raise.HIERARCHICAL and team:
        raise Mistake(_("A hierarchical escalation goes up the chain of the ticket's own team: name none."))
    if isinstance(severity, bool) or severity not in SEVERITIES:
        raise Mistake(_("An escalation has a severity from 1 to 4."))
    reason, ladder = one.get("reason"), one.get("ladder", "")
    if reason not in known.reasons:
        raise Mistake(_("An escalation's reason is one of %(known)s.") % {"known": ", ".join(known.reasons)})
    if not isinstance(ladder, str) or (ladder and not _has(known.ladders, ladder)):
        raise Mistake(_("There is no ladder “%(value)s”.") % {"value": str(ladder)[:80]})
    return Action(str(one["do"]), str(kind), team=team, severity=int(severity), reason=str(reason), ladder=ladder)


def gone(one: Action, known: Known) -> str:
    """What it names and is not there any more; empty where all is. A ladder that is gone is the team's again."""
    named = {Do.REPLY: known.replies, Do.WEBHOOK: known.endpoints}
    if one.do in named:
        return "" if _has(named[Do(one.do)], str(one.value)) else str(one.value)
    return one.team if one.do in ESCALATES and one.team and one.team not in known.teams else ""


def said_at_once(text: str) -> str:
    """The beginning of a note, for a line."""
    return Truncator(" ".join(text.split())).chars(60)


def _has(names: frozenset[str] | None, name: str) -> bool:
    return names is None or name in names


def _no_team(team: Any) -> str:
    if not team:
        return _("Name the team that the escalation goes to.")
    return _("There is no team “%(value)s”.") % {"value": str(team)[:40]}


def _whom(one: Action, known: Known) -> str:
    """“Payments, severity 2” or “someone with the authority, severity 2, along “Night””."""
    whom = known.teams.get(one.team, one.team) if one.team else _("someone with the authority")
    said = _("%(whom)s, severity %(severity)d") % {"whom": whom, "severity": one.severity}
    return _("%(said)s, along “%(ladder)s”") % {"said": said, "ladder": one.ladder} if one.ladder else said


WORDS: dict[Do, Callable[[Action, Known], str]] = {
    Do.REPLY: lambda one, known: _("Reply with “%(title)s”") % {"title": one.value},
    Do.NOTE: lambda one, known: _("Note “%(text)s”") % {"text": said_at_once(str(one.value))},
    Do.WEBHOOK: lambda one, known: _("Call “%(name)s”") % {"name": one.value},
    Do.PROPOSE: lambda one, known: _("Propose an escalation to %(whom)s") % {"whom": _whom(one, known)},
    Do.OPEN: lambda one, known: _("Open an escalation to %(whom)s") % {"whom": _whom(one, known)},
}
# As a dry run says it.
WOULD: dict[Do, Callable[[Action, Known], str]] = {
    Do.REPLY: lambda one, known: _("would reply with “%(title)s”") % {"title": one.value},
    Do.NOTE: lambda one, known: _("would note “%(text)s”") % {"text": said_at_once(str(one.value))},
    Do.WEBHOOK: lambda one, known: _("would call “%(name)s”") % {"name": one.value},
    Do.PROPOSE: lambda one, known: _("would propose an escalation to %(whom)s") % {"whom": _whom(one, known)},
    Do.OPEN: lambda one, known: _("would open an escalation to %(whom)s") % {"whom": _whom(one, known)},
}
