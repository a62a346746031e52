"""What a reader is to be trained in, and who of the people he answers for has read what (R93)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import ngettext

from escalation.close import causes
from escalation.models import Escalation, Training, TrainingDone
from knowledge.models import Article
from people.models import User

PAGE = 25
# Of what is suggested; whoever has read that many is shown the next.
MOST = 20
# So many names stand under an article.
NAMES = 12
SINCE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Suggestion:
    article: Article
    version: int
    whys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """`own_at`: when the reader has read what holds; `names`: the first of the `read` colleagues who have."""

    pk: int
    article: Article
    version: int
    cause: str
    own_at: datetime | None
    names: list[str]
    read: int
    suggested_by: str

    @property
    def more(self) -> int:
        return self.read - len(self.names)


@dataclass(frozen=True, slots=True)
class TrainingLook:
    suggested: list[Suggestion]
    rows: list[TrainingRow]
    page: Page[Training]
    people: dict[int, str]
    """Whom the reader answers for, by name."""

    @property
    def of(self) -> int:
        return len(self.people)


def training_look(user: User, *, page: str | None, now: datetime) -> TrainingLook:
    known, people = causes.names(), _answered_for(user)
    rows = Training.objects.in_force().select_related("article__current", "suggestion__made_by")
    shown = Paginator(rows, PAGE).get_page(page)
    return TrainingLook(suggested(user, known, now), _rows(user, shown, known, people), shown, people)


def suggested(user: User, known: dict[str, str], now: datetime) -> list[Suggestion]:
    """Of each cause of escalations from his tickets what he has not read as it holds now: the most frequent first."""
    came = Escalation.objects.visible_to(user).from_tickets_of(user).filter(opened_at__gte=now - SINCE)
    counts = came.exclude(cause="").order_by().values_list("cause").annotate(n=Count("pk", distinct=True))
    often = dict(counts)
    read = TrainingDone.objects.filter(person=user, version=OuterRef("article__current"))
    rows = Training.objects.in_force().filter(~Exists(read), cause__in=often).select_related("article__current")
    found: dict[int, Suggestion] = {}
    for row in sorted(rows, key=lambda one: -often[one.cause]):
        one = found.setdefault(row.article_id, Suggestion(row.article, _version(row)))
        one.whys.append(_why(often[row.cause], known.get(row.cause, row.cause)))
    return list(found.values())[:MOST]


def _why(n: int, cause: str) -> str:
    words = ngettext(
        "%(n)d escalation with the cause “%(cause)s” came from your tickets.",
        "%(n)d escalations with the cause “%(cause)s” came from your tickets.",
        n,
    )
    return words % {"n": n, "cause": cause}


def _answered_for(user: User) -> dict[int, str]:
    """Whoever works here in a team that he leads or manages; of an administrator everybody. By name."""
    here = User.objects.active().staff()
    if not user.is_admin:
        here = here.filter(Q(teams__lead=user) | Q(teams__managers=user)).distinct()
    return dict(here.order_by("name", "pk").values_list("pk", "name"))


def _rows(user: User, shown: "Page[Training]", known: dict[str, str], people: dict[int, str]) -> list[TrainingRow]:
    trainings = list(shown)
    done: dict[Any, dict[int, datetime]] = defaultdict(dict)
    asked = TrainingDone.objects.filter(version__in={one.article.current_id for one in trainings})
    seen = asked.filter(person__in={user.pk, *people})
    for version, person, at in seen.order_by().values_list("version", "person", "at"):
        done[version][person] = at
    rows = []
    for one in trainings:
        by = done[one.article.current_id]
        names = [name for key, name in people.items() if key in by]
        cause = known.get(one.cause, one.cause)
        read = (by.get(user.pk), names[:NAMES], len(names))
        rows.append(TrainingRow(one.pk, one.article, _version(one), cause, *read, _suggested_by(one)))
    return rows


def _suggested_by(row: Training) -> str:
    made_by = row.suggestion.made_by if row.suggestion else None
    return made_by.name if made_by else ""


def _version(row: Training) -> int:
    return row.article.current.number if row.article.current else 0
