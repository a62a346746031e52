"""Who may decide a hierarchical escalation, in the order in which they are asked, and why (R2, R14, R67).

Up the chain of command from the ticket's team, the absent replaced by their deputies, the administrators last. Never
the requester, however he stands in the chain, and nobody whose own limit does not reach the sum that is asked for.
A deputy needs no sight before: whoever is asked is let in (decision 20).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from escalation.enums import AskEnd
from escalation.models import Ask, Escalation
from people.authority import Sum, who_may_grant
from people.chain import anybody, stand_in, teams_upward
from people.enums import MANAGING_ROLES
from people.models import Absence, Team, User

HAVE_HAD_IT = (AskEnd.EXPIRED, AskEnd.PASSED, AskEnd.AWAY)


@dataclass(frozen=True, slots=True)
class Authority:
    """One who may decide; `why` says by what right, in the reader's language."""

    person: User
    why: str


def authorities(
    requester: User | None, team: Team | None, asked: Sum | None, now: datetime, *, exception: bool = False
) -> list[Authority]:
    """All who may, the first to be asked first; nobody twice. An exception is for senior deciders alone (R15)."""
    found: dict[int, Authority] = {}
    seniors = _seniors(now) if exception else iter(())
    for authority in (*_up_the_chain(team, now), *seniors, *_administrators()):
        person = authority.person
        may = person.decides_exceptions if exception else person.is_manager
        if may and person != requester:
            found.setdefault(person.pk, authority)
    able = {person.pk for person in who_may_grant([authority.person for authority in found.values()], asked)}
    return [authority for key, authority in found.items() if key in able]


def authorities_of(escalation: Escalation, now: datetime) -> list[Authority]:
    is_exception = escalation.procedure.is_exception
    return authorities(escalation.requester, escalation.ticket.team, escalation.sum, now, exception=is_exception)


def next_to_ask(escalation: Escalation, now: datetime) -> User | None:
    """Who is asked next: not who waits already or has agreed, and who let it pass only when everybody else has.

    None where nobody else is there; a round that nobody answered begins anew, so that no request lies forgotten.
    """
    asks = list(escalation.asks.all())
    out = {ask.person_id for ask in asks if ask.end == AskEnd.AGREED or ask.ended_at is None}
    able = [one.person for one in authorities_of(escalation, now) if one.person.pk not in out]
    return next(_those_not_yet_asked(able, asks), able[0] if able else None)


def missing_agreements(escalation: Escalation, now: datetime) -> int:
    """How many must still agree, this one counted. Where fewer are there than the procedure asks for, all of them."""
    agreed = {ask.person_id for ask in escalation.asks.all() if ask.end == AskEnd.AGREED}
    there = {one.person.pk for one in authorities_of(escalation, now)} | agreed
    return min(escalation.procedure.quorum, len(there)) - len(agreed)


def _those_not_yet_asked(able: Collection[User], asks: Collection[Ask]) -> Iterator[User]:
    had = {ask.person_id for ask in asks if ask.end in HAVE_HAD_IT}
    return (person for person in able if person.pk not in had)


def _up_the_chain(team: Team | None, now: datetime) -> Iterator[Authority]:
    for step in teams_upward(team):
        for person in [*([step.lead] if step.lead else []), *step.managers.all()]:
            present = stand_in(person, now, anybody)
            if present == person:
                yield Authority(person, _("manages %(team)s") % {"team": step.name})
            elif present is not None:
                known = {"name": person.name, "team": step.name}
                yield Authority(present, _("stands in for %(name)s, %(team)s") % known)


def _seniors(now: datetime) -> Iterator[Authority]:
    """Wherever they stand: a chain may have none."""
    away = Absence.objects.filter(user=OuterRef("pk"), starts_at__lte=now, ends_at__gt=now)
    found = User.objects.active().filter(role__in=MANAGING_ROLES, is_senior=True).exclude(Exists(away))
    return (Authority(person, _("senior manager")) for person in found)


def _administrators() -> Iterator[Authority]:
    return (Authority(person, _("administrator")) for person in User.objects.admins())
