"""What a new version of a policy changes, in words. Pure, but for the names of calendars."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.dates import said
from common.lengths import length_words
from sla.enums import POLICY_METRICS, WARN_AT, Metric, ObligationStep
from sla.naming import known
from sla.obligations import known_facts
from sla.policies import TargetSpec, Terms
from sla.scopes import PRIORITIES, Cell, scopes, words
from sla.team_targets import TeamTargetSpec
from sla.thresholds import Threshold, sentence
from tickets.conditions import in_words
from tickets.enums import Priority, Wait
from tickets.vocabulary import vocabulary_for

Cells = Mapping[tuple[str, str], TargetSpec]


def difference(before: Terms, after: Terms) -> list[str]:
    """One phrase for each thing that is not the same; empty when both promise the same."""
    return [
        *_targets(cells_of(before), cells_of(after)),
        *_thresholds(cells_of(before), cells_of(after)),
        *_team_targets(before.team_targets, after.team_targets),
        *_conditions(before.conditions, after.conditions),
        *_changed(_("Calendar"), _calendar(before.calendar), _calendar(after.calendar)),
        *_severities(before.severities, after.severities),
        *_pauses(before.pauses, after.pauses),
        *_obligations(before, after),
        *_changed(_("Valid from"), _day(before.valid_from), _day(after.valid_from)),
        *_changed(_("Valid until"), _day(before.valid_until), _day(after.valid_until)),
    ]


def cells_of(terms: Terms) -> Cells:
    return {(spec.metric, spec.priority): spec for spec in terms.targets}


def _targets(before: Cells, after: Cells) -> Iterator[str]:
    for metric in POLICY_METRICS:
        for priority in PRIORITIES:
            was, is_ = before.get((metric, priority)), after.get((metric, priority))
            yield from _changed(f"{metric.label}, {priority.label}", _promise(was), _promise(is_))


def _thresholds(before: Cells, after: Cells) -> Iterator[str]:
    """What is done on the way of the targets; of equal changes to several of them one phrase."""
    was, is_ = _by_threshold(before), _by_threshold(after)
    changed = [one for one in dict.fromkeys([*was, *is_]) if was.get(one) != is_.get(one)]
    # Asked only where a team is named.
    names = known().teams if any(one.names_a_team for one in changed) else {}
    for one in changed:
        told = sentence(one, names)
        for scope in scopes(before, was.get(one, set()) - is_.get(one, set())):
            yield _("%(scope)s, threshold removed: %(what)s") % {"scope": words(scope), "what": told}
        for scope in scopes(after, is_.get(one, set()) - was.get(one, set())):
            yield _("%(scope)s, threshold added: %(what)s") % {"scope": words(scope), "what": told}


def _by_threshold(cells: Cells) -> dict[Threshold, set[Cell]]:
    found: dict[Threshold, set[Cell]] = {}
    for cell, spec in cells.items():
        for one in spec.thresholds:
            found.setdefault(one, set()).add(cell)
    return found


def _team_targets(before: Sequence[TeamTargetSpec], after: Sequence[TeamTargetSpec]) -> Iterator[str]:
    was, is_ = ({(spec.team, spec.priority): spec for spec in specs} for specs in (before, after))
    for team in sorted({team for team, _priority in [*was, *is_]}, key=lambda team: team.name):
        for priority in PRIORITIES:
            what = _("Internal, %(team)s, %(priority)s") % {"team": team.name, "priority": priority.label}
            at = (team, priority.value)
            yield from _changed(what, _allowed(was.get(at)), _allowed(is_.get(at)))


def _conditions(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    if before == after:
        return
    names = vocabulary_for(before, after)
    for key in [*before, *(key for key in after if key not in before)]:
        was, is_ = (in_words({key: one[key]}, names) if key in one else "" for one in (before, after))
        yield from _changed(_("Condition"), was, is_)


def _severities(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    for priority in Priority:
        was, is_ = before.get(priority, 4), after.get(priority, 4)
        yield from _changed(_("Severity of %(priority)s") % {"priority": priority.label}, str(was), str(is_))


def _pauses(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for wait in Wait:
        was, is_ = (", ".join(str(Metric(one).label) for one in pauses.get(wait, ())) for pauses in (before, after))
        yield from _changed(_("Stops for %(wait)s") % {"wait": wait.label}, was, is_)


def _obligations(before: Terms, after: Terms) -> Iterator[str]:
    words = known_facts()
    for step in ObligationStep:
        was, is_ = (
            ", ".join(words.get(one.fact, one.fact) for one in terms.obligations if one.before == step)
            for terms in (before, after)
        )
        yield from _changed(str(step.label), was, is_)


def _changed(what: str, was: str, is_: str) -> Iterator[str]:
    if was == is_:
        return
    if was and is_:
        yield _("%(what)s: %(was)s to %(is)s") % {"what": what, "was": was, "is": is_}
    elif is_:
        yield _("%(what)s added: %(is)s") % {"what": what, "is": is_}
    else:
        yield _("%(what)s removed, was %(was)s") % {"what": what, "was": was}


def _promise(spec: TargetSpec | None) -> str:
    return _length(spec) if spec else ""


def _allowed(spec: TeamTargetSpec | None) -> str:
    if spec is None:
        return ""
    words = [_length(spec)]
    if spec.warn_at != WARN_AT:
        words.append(_("warns at %(n)d %%") % {"n": spec.warn_at} if spec.warn_at else _("no warning"))
    if spec.escalates:
        words.append(_("escalates when missed"))
    return ", ".join(words)


def _length(spec: TargetSpec | TeamTargetSpec) -> str:
    length = length_words(timedelta(seconds=spec.seconds))
    return _("%(length)s round the clock") % {"length": length} if spec.round_the_clock else length


def _calendar(calendar: Calendar | None) -> str:
    return calendar.name if calendar else _("round the clock")


def _day(moment: datetime | None) -> str:
    return said(localtime(moment), "j M Y H:i") if moment else ""
