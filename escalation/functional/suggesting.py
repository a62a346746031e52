"""To which team a ticket could go, and why: the facts for `people.ranking`, in a constant number of queries."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from statistics import median

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from common.words import words_of
from escalation.attention import TAG
from people.models import Team, User, UserSkill
from people.ranking import Fit, Group, Need, Person, Ranked, rank
from tickets.catalogue import services_of
from tickets.enums import DONE_STATUSES
from tickets.models import Service, Tag, Ticket, TicketService
from tickets.querysets import closed_to

LOOK_BACK = timedelta(days=365)
MOST_SIMILAR = 400
MOST_TEXT = 4000
# What a team says of itself counts by its longer words: “other” and “money” stand in every letter.
_TOPIC = re.compile(r"\w{6,}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    team: Team
    ranked: Ranked

    @property
    def words(self) -> str:
        """What speaks for it and what against it, as one line."""
        line = "; ".join([*self.ranked.reasons, *self.ranked.lacks])
        return line[:1].upper() + line[1:]


def suggest(ticket: Ticket, user: User, now: datetime) -> list[Suggestion]:
    """All teams that this person may send it to but the one that has it, the best first."""
    teams = {team.pk: team for team in teams_offered(user) if team.pk != ticket.team_id}
    tags, services = _tags_of(ticket), list(services_of(ticket))
    similar = _similar(ticket, user, tags, [service.pk for service in services], now)
    loads = _loads(list(teams))
    groups = [_group(team, loads.get(team.pk, 0), similar, services, now) for team in teams.values()]
    texts = [*(tag.name for tag in tags), *(service.name for service in services)]
    names = {name for group in groups for person in group.people for name in person.skills}
    found = rank(groups, _need(ticket, texts), {name: words_of(name) for name in names})
    return [Suggestion(teams[one.group.key], one) for one in found]


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could take a matter; `wishes`: of what it is about, what he would like to do more of."""

    person: User
    ranked: Ranked
    wishes: list[str]

    @property
    def words(self) -> str:
        """What he knows of it, how well, how much he has, and whether he is there."""
        [one] = self.ranked.group.people
        known = ", ".join(f"{name} {one.skills[name]}" for name in self.ranked.skills)
        count = self.ranked.group.open
        load = ngettext("%(n)d open ticket", "%(n)d open tickets", count) % {"n": count}
        return " · ".join([known, load, *([] if one.is_there else [_("away now")])])


def who_can_take(text: str, now: datetime, ticket: Ticket | None = None) -> list[Taker]:
    """Everybody who works here, the likeliest first (R66): by the words of a matter, or those of a ticket.

    Each is weighed as a team of one, by the same rules as teams are.
    """
    skills = Prefetch("skills", queryset=UserSkill.objects.select_related("skill"))
    staff = User.objects.get_queryset().active().staff().order_by("name", "pk")
    people = {one.pk: one for one in staff.prefetch_related("absences", skills)}
    languages, loads = _languages(), _loads_of(list(people))
    groups = [Group(one.pk, [_person(one, languages, now)], open=loads.get(one.pk, 0)) for one in people.values()]
    names = {name for group in groups for person in group.people for name in person.skills}
    labels = [tag.name for tag in _tags_of(ticket)] + [one.name for one in services_of(ticket)] if ticket else []
    need = _need(ticket, [text, *labels]) if ticket else Need(frozenset(words_of(text)))
    found = rank(groups, need, {name: words_of(name) for name in names})
    return [_taker(people[one.group.key], one) for one in found if one.fit != Fit.UNLIKELY]


def _taker(person: User, ranked: Ranked) -> Taker:
    wishes = [one.skill.name for one in person.skills.all() if one.is_interested and one.skill.name in ranked.skills]
    return Taker(person, ranked, wishes)


def _loads_of(people: list[int]) -> dict[int | None, int]:
    rows = Ticket.objects.active().filter(assignee__in=people, trashed_at=None).order_by()
    return dict(rows.values_list("assignee").annotate(n=Count("pk")))


def teams_offered(user: User) -> list[Team]:
    """With their people, what these know and when they are away; foreign restricted teams are not named."""
    skills = Prefetch("members__skills", queryset=UserSkill.objects.select_related("skill"))
    teams = Team.objects.order_by("name").select_related("lead")
    if not user.is_manager:
        teams = teams.exclude(pk__in=closed_to(user))
    return list(teams.prefetch_related("members__absences", skills))


def _tags_of(ticket: Ticket) -> list[Tag]:
    return [tag for tag in ticket.tags.all() if tag.name != TAG]


def _need(ticket: Ticket, texts: list[str]) -> Need:
    """The words of its subject, of its first message, and of what it is labelled with."""
    first = ticket.messages.public().values_list("body", flat=True).first() or ""
    values = [str(value) for value in ticket.fields.values()]
    words = chain.from_iterable(map(words_of, [ticket.subject, first[:MOST_TEXT], *texts, *values]))
    language = _base(ticket.requester.language)
    if language == _base(settings.LANGUAGE_CODE):
        return Need(frozenset(words))
    return Need(frozenset(words), language, _language_name(language))


def _base(code: str) -> str:
    return code.partition("-")[0]


def _language_name(code: str) -> str:
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


def _languages() -> dict[str, str]:
    """By the name under which it stands among the skills, in small letters."""
    codes = {_base(code) for code, _name in settings.LANGUAGES}
    return {str(get_language_info(code)["name"]).casefold(): code for code in codes}


def _group(
    team: Team, load: int, similar: dict[int | None, list[timedelta]], services: list[Service], now: datetime
) -> Group:
    languages, times = _languages(), similar.get(team.pk, [])
    return Group(
        key=team.pk,
        people=[_person(member, languages, now) for member in team.members.all() if member.is_active],
        services=[service.name for service in services if service.team_id == team.pk],
        topics={word.lower(): words_of(word) for word in _TOPIC.findall(f"{team.name} {team.scope}")},
        open=load,
        solved=len(times),
        similar=sum(map(len, similar.values())),
        median=timedelta(seconds=median(time.total_seconds() for time in times)) if times else None,
    )


def _person(member: User, languages: dict[str, str], now: datetime) -> Person:
    skills = {held.skill.name: held.level for held in member.skills.all()}
    spoken = {languages[name.casefold()] for name in skills if name.casefold() in languages}
    return Person(
        name=member.name,
        skills={name: level for name, level in skills.items() if name.casefold() not in languages},
        speaks=spoken | {_base(member.language)},
        is_there=not any(away.starts_at <= now < away.ends_at for away in member.absences.all()),
    )


def _loads(keys: list[int]) -> dict[int, int]:
    rows = Ticket.objects.active().filter(team__in=keys, trashed_at=None).order_by()
    return dict(rows.values_list("team").annotate(n=Count("pk")))


def _similar(
    ticket: Ticket, user: User, tags: list[Tag], services: list[int], now: datetime
) -> dict[int | None, list[timedelta]]:
    """By team: how long the solved tickets took that share a tag or a service with it; of those that one may see."""
    if not (tags or services):
        return {}
    through = Ticket.tags.through.objects.filter(tag__in=tags).values("ticket")
    alike = Q(pk__in=through) | Q(pk__in=TicketService.objects.filter(service__in=services).values("ticket"))
    done = Ticket.objects.visible_to(user).filter(
        alike, status__in=DONE_STATUSES, solved_at__gte=now - LOOK_BACK, merged_into=None
    )
    rows = done.exclude(pk=ticket.pk).order_by("-number").values_list("team", "created_at", "solved_at")
    found: dict[int | None, list[timedelta]] = defaultdict(list)
    for team, created_at, solved_at in rows[:MOST_SIMILAR]:
        if solved_at is not None:
            found[team].append(solved_at - created_at)
    return found
