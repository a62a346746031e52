"""What a dry run on the last days has found, in words: what each rule took, and what would be otherwise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Team
from tickets.enums import Priority
from tickets.models import RoutingRule
from tickets.routing.replaying import Change, Replayed, What

# Of the ways in which one thing would be otherwise so many are named: the most frequent.
WAYS = 8
Names = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Example:
    number: int
    was: str
    would: str
    by: str


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """One kind of change: how many, the most frequent ways, the newest tickets."""

    title: str
    count: str
    ways: Sequence[tuple[str, str, int]]
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class RunLook:
    found: Replayed
    rules: Sequence[tuple[int, str, int]]
    changes: Sequence[ChangeLook]


def run_look(found: Replayed, rules: Sequence[RoutingRule]) -> RunLook:
    """One query, for the names of the teams."""
    names = _names(dict(Team.objects.values_list("slug", "name")))
    places = {rule.pk or 0: (place, rule.name) for place, rule in enumerate(rules, start=1)}
    fired = sorted((*places[key], n) for key, n in found.fired.items() if key in places)
    changes = [_change_look(what, found, names[what], places) for what in What if found.changed[what]]
    return RunLook(found, fired, changes)


def _change_look(what: What, found: Replayed, name: Names, places: Mapping[int, tuple[int, str]]) -> ChangeLook:
    ways = found.changed[what]
    n = ways.total()
    return ChangeLook(
        str(what.label),
        ngettext("%(n)d change", "%(n)d changes", n) % {"n": n},
        [(name(was), name(would), count) for (was, would), count in ways.most_common(WAYS)],
        [_example(one, name, places) for one in reversed(found.examples[what])],
    )


def _example(one: Change, name: Names, places: Mapping[int, tuple[int, str]]) -> Example:
    place, rule = places.get(one.rule, (0, ""))
    by = _("rule %(n)d, %(name)s") % {"n": place, "name": rule} if rule else ""
    return Example(one.number, name(one.was), name(one.would), by)


def _names(teams: Mapping[str, str]) -> dict[What, Names]:
    return {
        What.TEAM: lambda slug: teams.get(slug, slug) or _("no team"),
        What.OWNER: lambda name: name or _("nobody"),
        What.PRIORITY: lambda priority: str(Priority(priority).label),
        What.SEVERITY: lambda severity: severity or _("none"),
        What.TAG: lambda tag: tag or "–",
    }
