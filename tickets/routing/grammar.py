"""What a rule can do, as data: read, checked where a person gives it, put into words. Pure.

    [{"do": "team", "value": "payments"}, {"do": "assign", "value": "round_robin", "skill": "EMV", "level": 3},
     {"do": "tag", "value": "repeat"}, {"do": "priority", "value": "high"}, {"do": "severity", "value": 2},
     {"do": "reply", "value": "We have it"}, {"do": "open", "value": "functional", "team": "payments", "severity": 2,
      "reason": "technical"}]

A new action is a line in `_CHECKS` and in `_WORDS`, and a deed in `tickets.rerouting`; see `wishes`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from common.numbers import whole
from common.text import one_line
from tickets.enums import Priority
from tickets.routing import steps, wishes
from tickets.routing.action import BEST_LEVEL as BEST_LEVEL
from tickets.routing.action import ESCALATES, IN_RULES, Mistake
from tickets.routing.action import MOST_ACTIONS as MOST_ACTIONS
from tickets.routing.action import SEVERITIES as SEVERITIES
from tickets.routing.action import Action as Action
from tickets.routing.action import Do as Do
from tickets.routing.action import Known as Known
from tickets.routing.action import Owner as Owner

# More than one of these would contradict each other.
ONCE = (Do.TEAM, Do.ASSIGN, Do.PRIORITY, Do.SEVERITY, Do.REPLY, Do.PROPOSE, Do.OPEN, Do.OWNER, Do.STATUS)


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Action, ...]:
    """Of actions that were checked when they were stored."""
    return tuple(Action(**one) for one in stored)


def check(given: Any, known: Known, *, may: Sequence[Do] = IN_RULES) -> list[dict[str, Any]]:
    """The actions as they are stored. InvalidInput on `actions` with a sentence for each mistake.

    `may`: what they may be: those of a rule, or those of a macro.
    """
    if not isinstance(given, list | tuple) or len(given) > MOST_ACTIONS:
        raise InvalidInput.of("actions", _("There is a list of at most %(limit)d actions.") % {"limit": MOST_ACTIONS})
    stored, mistakes = [], []
    for one in given:
        try:
            stored.append(_action(one, known, may).as_json())
        except Mistake as mistake:
            mistakes.append(str(mistake))
    dos = [one["do"] for one in stored]
    mistakes += [
        _("“%(action)s” stands there more than once.") % {"action": once.label} for once in ONCE if dos.count(once) > 1
    ]
    if all(do in dos for do in ESCALATES):
        mistakes.append(_("A rule proposes an escalation or opens it: choose one of the two."))
    if mistakes:
        raise InvalidInput({"actions": mistakes})
    return stored


def expanded(actions: Sequence[Action], known: Known) -> tuple[Action, ...]:
    """With what a rule does of each macro in its place; a macro that is gone stays, and is missing."""
    found: list[Action] = []
    for one in actions:
        found += (one.do == Do.MACRO and steps.parts_of(str(one.value), known)) or [one]
    return tuple(found)


def missing_in(actions: Sequence[Action], known: Known) -> tuple[str, ...]:
    """What is named and is not there any more."""
    named = (_gone(one, known) for one in actions)
    return tuple(name for name in named if name)


def in_words(actions: Sequence[Action], known: Known) -> list[str]:
    """Each action as a few words: “team Payments”, “round robin among senior, EMV at least 3”."""
    return [_WORDS[Do(one.do)](one, known) for one in actions]


def _gone(one: Action, known: Known) -> str:
    if one.do == Do.TEAM:
        return str(one.value) if one.value not in known.teams else ""
    return wishes.gone(one, known) or steps.gone(one, known)


def _action(one: Any, known: Known, may: Sequence[Do]) -> Action:
    if not isinstance(one, Mapping) or one.get("do") not in may:
        raise Mistake(_("An action is one of %(known)s.") % {"known": ", ".join(may)})
    do = Do(one["do"])
    more = sorted(set(one) - {"do", "value", *_MORE.get(do, ())})
    if more:
        raise Mistake(_("“%(action)s” has no “%(more)s”.") % {"action": do.label, "more": str(more[0])[:40]})
    return _CHECKS[do](one, known)


_MORE: dict[Do, tuple[str, ...]] = {
    Do.ASSIGN: ("skill", "level", "senior", "on_duty"),
    **dict.fromkeys(ESCALATES, wishes.OF_ESCALATIONS),
}


def _team(one: Mapping[str, Any], known: Known) -> Action:
    if not isinstance(one.get("value"), str) or one["value"] not in known.teams:
        raise Mistake(_("There is no team “%(value)s”.") % {"value": str(one.get("value"))[:40]})
    return Action(Do.TEAM, one["value"])


def _assign(one: Mapping[str, Any], known: Known) -> Action:
    value, skill, level = one.get("value"), one.get("skill", ""), one.get("level", 0)
    if value not in Owner.values:
        raise Mistake(_("An owner is found by one of %(known)s.") % {"known": ", ".join(Owner.values)})
    is_known = isinstance(skill, str) and (not skill or known.skills is None or skill in known.skills)
    if not is_known:
        raise Mistake(_("There is no skill “%(value)s”.") % {"value": str(skill)[:60]})
    if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level <= BEST_LEVEL:
        raise Mistake(_("A skill's level is from 1 to 5."))
    if level and not skill:
        raise Mistake(_("Name the skill that the level is of."))
    if value == Owner.MOST_SKILLED and not skill:
        raise Mistake(_("Name the skill of which most is wanted."))
    senior, on_duty = one.get("senior", False), one.get("on_duty", False)
    if not isinstance(senior, bool) or not isinstance(on_duty, bool):
        raise Mistake(_("“senior” and “on_duty” are true or false."))
    return Action(Do.ASSIGN, str(value), skill, level, senior, on_duty)


def _tag(one: Mapping[str, Any], known: Known) -> Action:
    try:
        return Action(Do.TAG, one_line(one.get("value"), field="actions", limit=40).casefold())  # type: ignore[arg-type] # anything else is refused as no text
    except (InvalidInput, AttributeError, TypeError):
        raise Mistake(_("A tag is a line of 1 to 40 characters.")) from None


def _priority(one: Mapping[str, Any], known: Known) -> Action:
    if one.get("value") not in Priority.values:
        raise Mistake(_("A priority is one of %(known)s.") % {"known": ", ".join(Priority.values)})
    return Action(Do.PRIORITY, str(one["value"]))


def _severity(one: Mapping[str, Any], known: Known) -> Action:
    value = one.get("value")
    value = whole(value) if isinstance(value, str) else value
    if isinstance(value, bool) or value not in SEVERITIES:
        raise Mistake(_("A severity is from 1 to 4."))
    return Action(Do.SEVERITY, int(value))


_CHECKS: dict[Do, Callable[[Mapping[str, Any], Known], Action]] = {
    Do.TEAM: _team,
    Do.ASSIGN: _assign,
    Do.TAG: _tag,
    Do.PRIORITY: _priority,
    Do.SEVERITY: _severity,
    Do.REPLY: wishes.reply,
    Do.NOTE: wishes.note,
    Do.WEBHOOK: wishes.webhook,
    Do.PROPOSE: wishes.escalate,
    Do.OPEN: wishes.escalate,
    **steps.CHECKS,
}


def _owner_in_words(one: Action, known: Known) -> str:
    words = str(Owner(str(one.value)).label)
    narrowed: list[str] = [str(said) for said, holds in _narrowed(one) if holds]
    if one.skill:
        at_least = _("%(skill)s at least %(level)d") % {"skill": one.skill, "level": one.level}
        narrowed.append(at_least if one.level else one.skill)
    return _("%(owner)s among %(whom)s") % {"owner": words, "whom": ", ".join(narrowed)} if narrowed else words


def _narrowed(one: Action) -> list[tuple[Promise, bool]]:
    return [(gettext_lazy("senior"), one.senior), (gettext_lazy("on duty"), one.on_duty)]


_WORDS: dict[Do, Callable[[Action, Known], str]] = {
    Do.TEAM: lambda one, known: _("Team %(team)s") % {"team": known.teams.get(str(one.value), one.value)},
    Do.ASSIGN: _owner_in_words,
    Do.TAG: lambda one, known: _("Tag %(tag)s") % {"tag": one.value},
    Do.PRIORITY: lambda one, known: _("Priority %(priority)s") % {"priority": Priority(str(one.value)).label},
    Do.SEVERITY: lambda one, known: _("Severity %(severity)d") % {"severity": one.value},
    **wishes.WORDS,
    **steps.WORDS,
}
