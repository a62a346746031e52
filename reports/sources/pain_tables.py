"""What stands behind each of the four pain points, group by group."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from common.words import words_of
from people.models import Team, UserSkill
from people.ranking import is_about
from reports.figures import names_of, percent
from reports.gathering import Gathered
from reports.grounds import band as between
from reports.grounds import cell
from reports.shape import Column, Pick, Row, Table, Unit
from tickets.models import Service, TicketService

# Open tickets a person, and the number of people and of hand-offs: from each up to the next.
LOADS = (0, 3, 6, 9, 15)
PARTIES = (0, 2, 3, 4, 5)
HAND_OFFS = (0, 1, 2, 3)
BAND = "band"
# From this level on somebody can take a complex case alone.
ABLE = 3
MOST_TOPICS = 20


def with_band(facts: "QuerySet[Any]", by: str, bounds: Sequence[int]) -> "QuerySet[Any]":
    """Each with the lower bound of its band; without one what has no such number."""
    lows = [When(**{f"{by}__gte": low}, then=Value(low)) for low in reversed(bounds)]
    banded: QuerySet[Any] = facts.annotate(**{BAND: Case(*lows, output_field=IntegerField(null=True))})
    return banded


def load(found: Gathered) -> Table:
    return _banded(found, "first_reply", "load", LOADS, _("Open a person"), _("First reply"))


def parties(found: Gathered) -> Table:
    return _banded(found, "parties", "parties", PARTIES, _("Parties"), _("Until solved"))


def hand_offs(found: Gathered) -> Table:
    return _banded(found, "hand_offs", "hand_offs", HAND_OFFS, _("Hand-offs"), _("Until solved"))


def experience(facts: "QuerySet[Any]") -> Table:
    """By topic, which is the service that it is about: who asked, and how many could have been asked here."""
    columns = (
        Column("name", _("Topic"), Unit.TEXT),
        Column("of", _("Handed over")),
        Column("new", _("From newcomers")),
        Column("share", _("Share"), Unit.PERCENT),
        Column("able", _("Able people")),
    )
    every, new = _topics(facts), _topics(facts.filter(tenure=0))
    names = names_of(Service, every, "")
    able = _able(names.values())
    rows = [
        Row((names[key], of, new[key], percent(new[key], of), able[names[key]]), _topic_picks(key, new[key]))
        for key, of in sorted(every.items(), key=lambda one: (-one[1], names[one[0]]))[:MOST_TOPICS]
    ]
    return Table(columns, tuple(rows))


def topic_of(facts: "QuerySet[Any]") -> str:
    """What most of them are about, in a sentence."""
    found = _topics(facts).most_common(1)
    name = names_of(Service, [found[0][0]], "").get(found[0][0], "") if found else ""
    return _("Topic: %(name)s.") % {"name": name} if name else ""


def ownership(found: Gathered) -> Table:
    columns = (
        Column("name", _("Team"), Unit.TEXT),
        Column("of", _("Opened")),
        Column("unowned", _("Median without an owner"), Unit.SECONDS),
        Column("longest", _("Nine of ten below"), Unit.SECONDS),
        Column("bounces", _("Bounces a ticket"), Unit.RATE),
    )
    teams = found.by("team")
    names = names_of(Team, teams, _("No team"))
    rows = [
        Row(
            (names[team], len(pool), pool.median, pool.quantile(0.9), round(pool.mean_beside or 0, 2)),
            {"of": Pick("ownership", cell(team=team))},
        )
        for team, pool in sorted(teams.items(), key=lambda one: (-one[1].quantile(0.5), names[one[0]]))
    ]
    return Table(columns, tuple(rows))


def _banded(found: Gathered, figure: str, by: str, bounds: Sequence[int], head: str, name: str) -> Table:
    columns = (Column("name", head, Unit.TEXT), Column("of", _("Tickets")), Column("median", name, Unit.SECONDS))
    pools = found.by(BAND)
    rows = [
        Row(
            (_range_words(low, high), len(pools[low]), pools[low].median),
            {"of": Pick(figure, cell(**{by: between(low, high)}))},
        )
        for low, high in zip(bounds, [*bounds[1:], None], strict=True)
        if low in pools
    ]
    return Table(columns, tuple(rows))


def _range_words(low: int, high: int | None) -> str:
    if high is None:
        return _("%(n)d and more") % {"n": low}
    if high == low + 1:
        return str(low)
    return _("%(low)d to below %(high)d") % {"low": low, "high": high}


def _topics(facts: "QuerySet[Any]") -> "Counter[int]":
    """How many are about each service; one may be about several. Two queries."""
    pairs = TicketService.objects.filter(ticket__in=facts.order_by().values("ticket"))
    of_ticket: defaultdict[int, set[int]] = defaultdict(set)
    for ticket, service in pairs.values_list("ticket", "service"):
        of_ticket[ticket].add(service)
    found: Counter[int] = Counter()
    for ticket in facts.order_by().values_list("ticket", flat=True):
        found.update(of_ticket.get(ticket, ()))
    return found


def _topic_picks(service: int, new: int) -> dict[str, Pick]:
    picks = {"of": Pick("experience", cell(service=service))}
    return picks | ({"new": Pick("experience", cell(service=service, tenure=0))} if new else {})


def _able(topics: Iterable[str]) -> "Counter[str]":
    """How many here can take such a case alone, by the names of their skills."""
    rows = UserSkill.objects.filter(user__is_active=True, level__gte=ABLE).values_list("user", "skill__name")
    people: defaultdict[str, set[int]] = defaultdict(set)
    for user, skill in rows:
        people[skill].add(user)
    skills = {name: words_of(name) for name in people}
    found: Counter[str] = Counter()
    for topic in topics:
        words = set(words_of(topic))
        found[topic] = len(set().union(*(people[name] for name, parts in skills.items() if is_about(parts, words))))
    return found
