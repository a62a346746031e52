"""Thresholds: the points on a clock's way at which something is done before, at or after its due time. Pure.

A position is a share of the target in per cent, or an offset from the due time, before it (negative), at it or after
it (positive). Both are amounts of the clock's own work time: “1 h after” is an hour of open hours, and a pause moves
what lies ahead, as it moves the due time.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.lengths import length_words
from common.text import one_line
from sla.enums import ThresholdAction, Told
from tickets.enums import PRIORITY_RANK, Priority

MOST = 10
MOST_ACTIONS = 8
LONGEST_OFFSET = 366 * 24 * 3600
LONGEST_TAG = 40
STEP = "step"
OWN_LADDER = ""
RAISABLE = [STEP, *(one.value for one in sorted(Priority, key=PRIORITY_RANK.__getitem__)[1:])]
_ORDER = {do: number for number, do in enumerate(ThresholdAction)}
# What a ticket can be given only once at a time.
_ONCE = {ThresholdAction.RAISE, ThresholdAction.REASSIGN, ThresholdAction.ESCALATE}


@dataclass(frozen=True, slots=True)
class Action:
    """`value`: whom (`Told`), the tag, `step` or a priority, a team's short name, a ladder's name (“”: its team's)."""

    do: str
    value: str = ""

    def as_json(self) -> dict[str, str]:
        return {"do": self.do, "value": self.value}


WARN = Action(ThresholdAction.NOTIFY, Told.OWNER)


class Milestone(NamedTuple):
    """A threshold on a clock's way, reached when so much work time has been used."""

    amount: timedelta
    threshold: "Threshold"


@dataclass(frozen=True, slots=True)
class Threshold:
    """At `percent` of the target, or, where that is None, `offset` seconds of work time from the due time."""

    percent: int | None = None
    offset: int = 0
    actions: tuple[Action, ...] = (WARN,)
    # What tells positions apart: `75%`, `-1800`, `0`, `3600`.
    key: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", str(self.offset) if self.percent is None else f"{self.percent}%")

    @property
    def is_usual(self) -> bool:
        """A share of the target at which the owner is alerted: kept as a bare number."""
        return self.percent is not None and self.actions == (WARN,)

    @property
    def only_tells(self) -> bool:
        """Changes nothing but what people know."""
        return all(action.do == ThresholdAction.NOTIFY for action in self.actions)

    @property
    def names_a_team(self) -> bool:
        return any(action.do == ThresholdAction.REASSIGN for action in self.actions)

    def amount(self, target: timedelta) -> timedelta:
        """How much work time has been used when it is reached."""
        return amount_of(self.key, target)

    def as_kept(self) -> int | dict[str, Any]:
        return self.percent if self.is_usual and self.percent is not None else self.as_json()

    def as_json(self) -> dict[str, Any]:
        position = {"offset": self.offset} if self.percent is None else {"percent": self.percent}
        return {**position, "actions": [action.as_json() for action in self.actions]}


def amount_of(key: str, target: timedelta) -> timedelta:
    """Of a position by its key."""
    if key.endswith("%"):
        return target * int(key[:-1]) / 100
    return target + timedelta(seconds=int(key))


def at_key(key: str) -> Threshold:
    """The position alone."""
    return at_percent(int(key[:-1])) if key.endswith("%") else Threshold(None, int(key))


@lru_cache(maxsize=128)
def at_percent(percent: int) -> Threshold:
    """The usual warning."""
    return Threshold(percent)


def read(kept: Iterable[Any]) -> tuple[Threshold, ...]:
    """As they were kept by `as_kept`: checked when they were given, and not again."""
    return tuple(at_percent(one) if isinstance(one, int) else _read(one) for one in kept)


def _read(kept: Mapping[str, Any]) -> Threshold:
    actions = tuple(Action(action["do"], action["value"]) for action in kept["actions"])
    return Threshold(kept.get("percent"), kept.get("offset", 0), actions)


def in_order(thresholds: Iterable[Threshold], target: timedelta) -> list[Threshold]:
    """As they are reached; at one instant by their positions' keys, so that the order is always the same."""
    return sorted(thresholds, key=lambda one: (one.amount(target), one.key))


def milestones(thresholds: Iterable[Threshold], target: timedelta) -> tuple[Milestone, ...]:
    """On the way of a clock with that target, in their order."""
    return tuple(Milestone(one.amount(target), one) for one in in_order(thresholds, target))


def still_fired(fired: Iterable[str], target: timedelta, used: timedelta) -> list[str]:
    """Of the positions that have fired, those that stay so under another target: what lies behind under it as well.

    One that lies ahead again is a warning of another due time, and is given anew when it is reached.
    """
    return [key for key in fired if amount_of(key, target) <= used]


@dataclass(frozen=True, slots=True)
class Known:
    """What thresholds may name: teams by their short names, ladders."""

    teams: Mapping[str, str] = field(default_factory=dict)
    ladders: Collection[str] = ()


def check(given: Any, *, target: timedelta, known: Callable[[], Known]) -> tuple[Threshold, ...]:
    """As given by a person or a program, in the order in which they are reached. InvalidInput in one sentence.

    A bare number is the usual warning at so many per cent. `known` is asked only where something is named.
    """
    if not isinstance(given, list | tuple):
        raise _wrong(_("Thresholds are a list."))
    if len(given) > MOST:
        raise _wrong(_("A target has at most %(most)d thresholds.") % {"most": MOST})
    thresholds = [_checked(one, target, known) for one in given]
    seen: set[str] = set()
    for one in thresholds:
        if one.key in seen:
            raise _wrong(_("There are two thresholds at “%(position)s”.") % {"position": position_words(one)})
        seen.add(one.key)
    return tuple(in_order(thresholds, target))


def _checked(given: Any, target: timedelta, known: Callable[[], Known]) -> Threshold:
    if is_whole(given):
        return at_percent(_percent(given))
    if not isinstance(given, Mapping) or len({"percent", "offset"} & set(given)) != 1:
        raise _wrong(_("A threshold has a percent or an offset from the due time, and actions."))
    unknown = set(given) - {"percent", "offset", "actions"}
    if unknown:
        raise _wrong(_("A threshold has no “%(name)s”.") % {"name": str(sorted(unknown, key=str)[0])[:40]})
    actions = _actions(given.get("actions", [WARN.as_json()]), known)
    if "percent" in given:
        return Threshold(_percent(given["percent"]), 0, actions)
    return Threshold(None, _offset(given["offset"], target), actions)


def _percent(given: Any) -> int:
    if not is_whole(given) or not 0 < given < 100:
        raise _wrong(_("Thresholds are whole per cents between 1 and 99."))
    return given


def _offset(given: Any, target: timedelta) -> int:
    if not is_whole(given) or given > LONGEST_OFFSET:
        raise _wrong(_("An offset from the due time is a whole number of seconds, at most a year after it."))
    if given <= -target.total_seconds():
        # An offset no clock could hold is not put into words of hours and minutes.
        before = length_words(timedelta(seconds=-given)) if given >= -LONGEST_OFFSET else _("More than a year")
        raise _wrong(
            _("%(before)s before the due time is not within a target of %(target)s.")
            % {"before": before, "target": length_words(target)}
        )
    return given


def _actions(given: Any, known: Callable[[], Known]) -> tuple[Action, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise _wrong(_("A threshold does at least one thing."))
    if len(given) > MOST_ACTIONS:
        raise _wrong(_("A threshold does at most %(most)d things.") % {"most": MOST_ACTIONS})
    actions = [_action(one, known) for one in given]
    for number, action in enumerate(actions):
        before = actions[:number]
        if action in before or (action.do in _ONCE and action.do in [other.do for other in before]):
            raise _wrong(_("A threshold does “%(action)s” once.") % {"action": ThresholdAction(action.do).label})
    return tuple(sorted(actions, key=lambda action: _ORDER[ThresholdAction(action.do)]))


def _action(given: Any, known: Callable[[], Known]) -> Action:
    if not isinstance(given, Mapping) or not set(given) <= {"do", "value"} or "do" not in given:
        raise _wrong(_("An action is an object with do and value."))
    do, value = given["do"], given.get("value", "")
    if do not in ThresholdAction.values:
        raise _wrong(
            _("There is no action “%(name)s”; there are %(known)s.")
            % {"name": str(do)[:40], "known": ", ".join(ThresholdAction.values)}
        )
    if not isinstance(value, str):
        raise _wrong(_("An action's value is a text."))
    return Action(do, _VALUES[ThresholdAction(do)](value, known))


def _told(value: str, _known: Callable[[], Known]) -> str:
    if value not in Told.values:
        raise _wrong(_("Whom to alert is one of %(known)s.") % {"known": ", ".join(Told.values)})
    return value


def _tag(value: str, _known: Callable[[], Known]) -> str:
    try:
        return one_line(value, field="targets", limit=LONGEST_TAG).casefold()
    except InvalidInput as error:
        raise _wrong(_("The tag of a threshold: %(why)s") % {"why": error.errors["targets"][0]}) from error


def _priority(value: str, _known: Callable[[], Known]) -> str:
    if value not in RAISABLE:
        raise _wrong(_("A priority is raised to one of %(known)s.") % {"known": ", ".join(RAISABLE)})
    return value


def _team(value: str, known: Callable[[], Known]) -> str:
    if value not in known().teams:
        raise _wrong(_("There is no team “%(name)s”.") % {"name": value[:80]})
    return value


def _ladder(value: str, known: Callable[[], Known]) -> str:
    if value != OWN_LADDER and value not in known().ladders:
        raise _wrong(_("There is no ladder “%(name)s”.") % {"name": value[:80]})
    return value


_VALUES: dict[ThresholdAction, Callable[[str, Callable[[], Known]], str]] = {
    ThresholdAction.NOTIFY: _told,
    ThresholdAction.TAG: _tag,
    ThresholdAction.RAISE: _priority,
    ThresholdAction.REASSIGN: _team,
    ThresholdAction.ESCALATE: _ladder,
}


def position_words(threshold: Threshold) -> str:
    """`75 %`, `30 min before it is due`, `when it is due`, `1 h after it was due`."""
    if threshold.percent is not None:
        return f"{threshold.percent} %"
    if threshold.offset == 0:
        return _("when it is due")
    length = length_words(timedelta(seconds=abs(threshold.offset)))
    words = _("%(length)s before it is due") if threshold.offset < 0 else _("%(length)s after it was due")
    return words % {"length": length}


def sentence(threshold: Threshold, teams: Mapping[str, str] | None = None) -> str:
    """What happens where: `30 min before it is due: alert the team's lead; raise the priority by one step`."""
    done = "; ".join(action_words(action, teams or {}) for action in threshold.actions)
    return f"{position_words(threshold)}: {done}"


def sentences(thresholds: Sequence[Threshold], teams: Mapping[str, str] | None = None) -> list[str]:
    return [sentence(one, teams) for one in thresholds]


def action_words(action: Action, teams: Mapping[str, str]) -> str:
    return _ACTION_WORDS[ThresholdAction(action.do)](action.value, teams)


def _raised_words(value: str, _teams: Mapping[str, str]) -> str:
    if value == STEP:
        return _("raise the priority by one step")
    return _("raise the priority to %(priority)s") % {"priority": Priority(value).label}


def _escalated_words(value: str, _teams: Mapping[str, str]) -> str:
    if value == OWN_LADDER:
        return _("escalate along the team's ladder")
    return _("escalate along the ladder “%(name)s”") % {"name": value}


_ACTION_WORDS: dict[ThresholdAction, Callable[[str, Mapping[str, str]], str]] = {
    ThresholdAction.NOTIFY: lambda value, _teams: _("alert %(whom)s") % {"whom": Told(value).label},
    ThresholdAction.TAG: lambda value, _teams: _("add the tag “%(tag)s”") % {"tag": value},
    ThresholdAction.RAISE: _raised_words,
    ThresholdAction.REASSIGN: lambda value, teams: _("give it to %(team)s") % {"team": teams.get(value, value)},
    ThresholdAction.ESCALATE: _escalated_words,
}


def is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("targets", sentence)
