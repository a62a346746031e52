"""Who works here, in a list that is read page by page: name by name, a constant number of questions."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, Q

from common.numbers import whole
from people import factors
from people.models import Absence, Invitation, Team, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`lacks`: he must have a second factor and has none."""

    person: User
    teams: str
    away_until: datetime | None
    factors: str
    lacks: bool


@dataclass(frozen=True, slots=True)
class PeopleLook:
    """`after` is the address of what follows; 0 where this is the end."""

    lines: list[PersonLine]
    after: int
    words: str
    gone: bool


def people_look(words: str, after: str, gone: bool, now: datetime) -> PeopleLook:
    """Those whose name or address holds the words; `gone`: those who are switched off instead."""
    found = User.objects.get_queryset().staff().filter(is_active=not gone, erased_at=None).order_by("name", "pk")
    if words := words.strip()[:100]:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    last = User.objects.filter(pk=whole(after) or 0).first()
    if last is not None:
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    away = Absence.objects.filter(starts_at__lte=now, ends_at__gt=now)
    rows = list(
        found.prefetch_related(
            Prefetch("teams", queryset=Team.objects.order_by("name")),
            Prefetch("absences", queryset=away),
            Prefetch(
                "authenticator_set", queryset=Authenticator.objects.only("user", "type"), to_attr="second_factors"
            ),
        )[: PAGE + 1]
    )
    shown, required = rows[:PAGE], factors.required_roles()
    return PeopleLook([_line(row, required) for row in shown], shown[-1].pk if len(rows) > PAGE else 0, words, gone)


def invitations(now: datetime) -> list[tuple[Invitation, bool]]:
    """Those that wait, each with whether its link has expired."""
    rows = Invitation.objects.waiting().select_related("invited_by", "team")
    return [(row, row.expires_at <= now) for row in rows]


def _line(person: User, required: set[str]) -> PersonLine:
    absences = [one.ends_at for one in person.absences.all()]
    has = factors.names_of(person.second_factors)  # type: ignore[attr-defined] # prefetched above
    return PersonLine(
        person=person,
        teams=", ".join(team.name for team in person.teams.all()),
        away_until=max(absences, default=None),
        factors=", ".join(has),
        lacks=not has and person.role in required,
    )
