"""What escalated tickets needed against what people know (R66): which skill is missing, whom to train or to hire."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from common.words import words_of
from escalation.attention import TAG
from escalation.models import Escalation
from people.models import Skill, User, UserSkill
from people.ranking import is_about
from tickets.models import Tag, TicketService

# The newest of the period, so that a busy year costs no more than this.
MOST = 2000
# From this level on somebody can take a complex case alone.
ABLE = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """`asked`: escalations that needed it; `wish` names those who would like more of it."""

    skill: str
    asked: int
    able: int
    learning: int
    wish: list[str]
    is_gap: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """`unnamed`: what escalated tickets were labelled with and no skill is called by, with how often."""

    rows: list[Gap]
    unnamed: list[tuple[str, int]]
    escalations: int


def gaps(user: User, *, since: datetime, until: datetime, fewest: int) -> Gaps:
    """A gap is a skill that was asked for and that fewer than `fewest` have at a level to work alone."""
    matters = _matters(user, since, until)
    skills = {name: words_of(name) for name in Skill.objects.values_list("name", flat=True)}
    asked: Counter[str] = Counter()
    unnamed: Counter[str] = Counter()
    for words, labels in matters:
        asked.update(name for name, parts in skills.items() if is_about(parts, words))
        unnamed.update(label for label in labels if not _is_named(label, skills))
    held = _held()
    rows = [_row(name, asked[name], held[name], fewest) for name in skills]
    rows.sort(key=lambda row: (not row.is_gap, -row.asked, row.skill))
    return Gaps(rows, unnamed.most_common(10), len(matters))


def _row(name: str, asked: int, held: list[UserSkill], fewest: int) -> Gap:
    able = sum(one.level >= ABLE for one in held)
    wish = [one.user.name for one in held if one.is_interested]
    return Gap(name, asked, able, len(held) - able, wish, asked > 0 and able < fewest)


def _matters(user: User, since: datetime, until: datetime) -> list[tuple[set[str], set[str]]]:
    """Of each escalation that he may see: the words of what it is about, and its ticket's labels. Three queries."""
    seen = Escalation.objects.visible_to(user).filter(opened_at__gte=since, opened_at__lte=until).order_by("-number")
    rows = list(seen.values_list("ticket_id", "summary", "ticket__subject")[:MOST])
    numbers = {ticket for ticket, _summary, _subject in rows}
    labels: defaultdict[int, set[str]] = defaultdict(set)
    through = Tag.objects.exclude(name=TAG).filter(tickets__in=numbers).values_list("tickets", "name")
    services = TicketService.objects.filter(ticket__in=numbers).values_list("ticket", "service__name")
    for ticket, name in [*through, *services]:
        labels[ticket].add(name)
    return [
        ({word for text in (summary, subject, *labels[ticket]) for word in words_of(text)}, labels[ticket])
        for ticket, summary, subject in rows
    ]


def _is_named(label: str, skills: dict[str, list[str]]) -> bool:
    words = set(words_of(label))
    return any(is_about(parts, words) for parts in skills.values())


def _held() -> defaultdict[str, list[UserSkill]]:
    found: defaultdict[str, list[UserSkill]] = defaultdict(list)
    people = UserSkill.objects.filter(user__is_active=True).select_related("user", "skill")
    for row in people.order_by("user__name", "pk"):
        found[row.skill.name].append(row)
    return found
