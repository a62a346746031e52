"""What a macro does besides what a rule may: owners, steps of the status, procedures. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from common.text import one_line
from tickets.enums import WAITS, Status, Wait
from tickets.routing.action import IN_RULES, ME, Action, Do, Known, Mistake

# The verbs of the state machine, as `tickets.actions.VERBS` has them.
STEPS = {
    "wait": gettext_lazy("wait on the customer"),
    "hold": gettext_lazy("put on hold"),
    "resume": gettext_lazy("go on"),
    "solve": gettext_lazy("solve"),
    "reopen": gettext_lazy("reopen"),
    "close": gettext_lazy("close"),
}
_WAITING = {"wait": Status.WAITING, "hold": Status.ON_HOLD}


def statuses() -> dict[str, str]:
    """What can be chosen: each step, and of those that wait for something for what."""
    found = {}
    for verb, words in STEPS.items():
        if verb not in _WAITING:
            found[verb] = str(words)
        for kind in WAITS[_WAITING[verb]] if verb in _WAITING else ():
            found[f"{verb}:{kind}"] = _("%(step)s: %(kind)s") % {"step": words, "kind": Wait(kind).label}
    return found


def macro(one: Mapping[str, Any], known: Known) -> Action:
    name = one.get("value")
    if not isinstance(name, str) or (known.macros is not None and name not in known.macros):
        raise Mistake(_("There is no macro “%(value)s”.") % {"value": str(name)[:80]})
    if known.macros is not None and not parts_of(name, known):
        raise Mistake(_("The macro “%(name)s” has nothing that a rule may do.") % {"name": name})
    return Action(Do.MACRO, name)


def parts_of(name: str, known: Known) -> tuple[Action, ...]:
    """What a rule does of a macro: what nobody has to be there for."""
    return tuple(one for one in (known.macros or {}).get(name, ()) if one.do in IN_RULES)


def owner(one: Mapping[str, Any], known: Known) -> Action:
    who = one.get("value")
    if not isinstance(who, str) or not who or (who != ME and known.people is not None and who not in known.people):
        raise Mistake(_("Nobody at the desk has the address “%(value)s”.") % {"value": str(who)[:80]})
    return Action(Do.OWNER, who)


def untag(one: Mapping[str, Any], known: Known) -> Action:
    try:
        return Action(Do.UNTAG, one_line(one.get("value"), field="actions", limit=40).casefold())  # type: ignore[arg-type] # anything else is refused as no text
    except (InvalidInput, AttributeError, TypeError):
        raise Mistake(_("A tag is a line of 1 to 40 characters.")) from None


def status(one: Mapping[str, Any], known: Known) -> Action:
    if one.get("value") not in {*STEPS, *statuses()}:
        raise Mistake(_("A step of the status is one of %(known)s.") % {"known": ", ".join(statuses())})
    return Action(Do.STATUS, str(one["value"]))


def guide(one: Mapping[str, Any], known: Known) -> Action:
    slug = one.get("value")
    if not isinstance(slug, str) or not slug or (known.guides is not None and slug not in known.guides):
        raise Mistake(_("There is no procedure “%(value)s”.") % {"value": str(slug)[:60]})
    return Action(Do.GUIDE, slug)


def gone(one: Action, known: Known) -> str:
    """What it names and is not there any more; empty where all is."""
    named: dict[Do, Mapping[str, Any] | None] = {Do.MACRO: known.macros, Do.OWNER: known.people, Do.GUIDE: known.guides}
    there = named.get(Do(one.do))
    return "" if there is None or one.value == ME or one.value in there else str(one.value)


def _status_words(one: Action, known: Known) -> str:
    value = str(one.value)
    return _("Status: %(step)s") % {"step": statuses().get(value) or STEPS.get(value, value)}


def _owner_words(one: Action, known: Known) -> str:
    if one.value == ME:
        return _("Assign to whoever applies it")
    return _("Assign to %(name)s") % {"name": (known.people or {}).get(str(one.value), one.value)}


CHECKS: dict[Do, Callable[[Mapping[str, Any], Known], Action]] = {
    Do.MACRO: macro,
    Do.OWNER: owner,
    Do.UNTAG: untag,
    Do.STATUS: status,
    Do.GUIDE: guide,
}
WORDS: dict[Do, Callable[[Action, Known], str]] = {
    Do.MACRO: lambda one, known: _("Macro “%(name)s”") % {"name": one.value},
    Do.OWNER: _owner_words,
    Do.UNTAG: lambda one, known: _("Remove the tag %(tag)s") % {"tag": one.value},
    Do.STATUS: _status_words,
    Do.GUIDE: lambda one, known: _("Link “%(title)s”") % {"title": (known.guides or {}).get(str(one.value), one.value)},
}
