"""A hole of a ladder in words: when, what is missing, and where an alert goes instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.templatetags.desk_time import clock_text
from escalation.coverage.proving import AHEAD
from escalation.coverage.standing import Gap
from escalation.enums import Reach

_LEVEL: dict[str, Promise] = {
    Gap.NOBODY: gettext_lazy("Nobody at level %(level)d, %(reach)s."),
    Gap.ABSENT: gettext_lazy("Level %(level)d, %(reach)s: %(names)s away, and no deputy is there."),
    Gap.UNSEEN: gettext_lazy(
        "Level %(level)d, %(reach)s: nobody who is there for %(names)s sees what the team keeps to itself."
    ),
    Gap.GONE: gettext_lazy("Level %(level)d, %(reach)s: %(names)s left the desk."),
    Gap.DEPUTIES: gettext_lazy("Level %(level)d, %(reach)s: %(names)s away, and the deputies stand in for each other."),
    Gap.CHAIN: gettext_lazy("Level %(level)d, %(reach)s: the teams stand above each other in a circle."),
    Gap.OUTSIDER: gettext_lazy("Level %(level)d, %(reach)s: %(names)s is no colleague."),
    Gap.NO_WAY: gettext_lazy("Level %(level)d, %(reach)s: nothing but the page reaches %(names)s."),
    Gap.QUIET: gettext_lazy("Level %(level)d, %(reach)s: %(names)s is left alone then, from S%(severity)d on."),
}
_WHOLE: dict[str, Promise] = {
    Gap.PAGE_ONLY: gettext_lazy("No level tells anybody outside the page."),
    Gap.CLOSED: gettext_lazy("Outside working hours no level reaches anybody; the last one waits for the morning."),
    Gap.LANGUAGE: gettext_lazy("Nobody who is reached speaks %(detail)s."),
    Gap.SKILL: gettext_lazy("Nobody who is reached knows %(detail)s."),
    Gap.CHAIN: gettext_lazy("The chain of command is a circle: %(names)s."),
    Gap.NO_DECIDER: gettext_lazy("Nobody can decide what is asked up the chain."),
    Gap.OWN_DECIDER: gettext_lazy(
        "Only %(names)s can decide what is asked up the chain; a request of his own has nobody."
    ),
}
_MOST_NAMES = 3
_DECIDING = {Gap.NO_DECIDER, Gap.OWN_DECIDER}


@dataclass(frozen=True, slots=True)
class HoleLook:
    when: str
    what: str
    then: str
    team: str
    is_chain: bool


def hole_look(kept: Mapping[str, Any], now: datetime) -> HoleLook:
    """`kept` as `coverage.reports.plain` has it."""
    known = {
        "level": kept["level"],
        "reach": _reach(kept["reach"]),
        "names": _names(kept["names"]),
        "severity": kept["severity"],
        "detail": dict(settings.LANGUAGES).get(kept["detail"], kept["detail"]),
    }
    words = _LEVEL[kept["gap"]] if kept["level"] else _WHOLE[kept["gap"]]
    return HoleLook(
        when=_when(kept, now),
        what=str(words) % known,
        then=_then(kept),
        team=kept["team"],
        is_chain=kept["gap"] in _DECIDING,
    )


def _when(kept: Mapping[str, Any], now: datetime) -> str:
    starts, ends = (datetime.fromisoformat(text) for text in kept["spans"][0])
    if ends - starts >= AHEAD - timedelta(days=1):
        return _("A hole at all times.")
    span = {"from": clock_text(starts, now), "to": clock_text(ends, now), "n": kept["times"] - 1}
    once = _("A hole until %(to)s") if starts <= now else _("A hole from %(from)s to %(to)s")
    more = ngettext("and once more", "and %(n)d times more", span["n"]) if span["n"] else ""
    return ", ".join(words % span for words in (once, more) if words) + "."


def _then(kept: Mapping[str, Any]) -> str:
    if not kept["level"]:
        return ""
    if kept["goes_to"]:
        return _("An alert would skip to level %(level)d.") % {"level": kept["goes_to"]}
    return _(
        "No level after it reaches anybody. The alert goes to the fallback team, failing that to every administrator."
    )


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return shown if more <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": more}


def _reach(value: str) -> str:
    return str(Reach(value).label) if value in Reach.values else ""
