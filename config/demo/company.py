"""Meridiano Pay as rows: the people of `cast`, their teams, and the customers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from config.demo import cast
from config.demo.texts.quick import MACROS, QUICK_REPLIES
from config.demo.texts.workspace import SERVICES
from people.enums import Role, Tier
from people.models import Absence, AuthorityLimit, Organisation, Skill, Team, User, UserSkill
from tickets.models import Macro, QuickReply, Service

# Printed at each start and in var/demo.json; a demo listens on this machine only.
PASSWORD = "climb-the-ladder"  # noqa: S105 - public by design
MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True, slots=True)
class Cast:
    """The rows by the short keys that the stories use."""

    people: dict[str, User]
    teams: dict[str, Team]


def hire(now: datetime) -> Cast:
    """Everybody, in a few queries. One password, hashed once: hashing is made to be slow."""
    password = make_password(PASSWORD)
    organisations = _organisations()
    users = [_colleague(sheet, password) for sheet in cast.COLLEAGUES]
    users += [
        _client(company, client, organisations[company.slug], password)
        for company in cast.COMPANIES
        for client in company.people
    ]
    User.objects.bulk_create(users)
    people = dict(zip(_keys(), users, strict=True))
    _since(people, now)
    _deputies(people)
    _skills(people)
    teams = _teams(people)
    User.objects.filter(pk=people["viktor"].pk).update(is_senior=True)
    _quick_replies(teams)
    _macros(teams)
    Service.objects.bulk_create([Service(slug=slug, name=name, team=teams[team]) for slug, name, team in SERVICES])
    # The picture of a chain that skips the absent (R14): whoever stands in is named on the ladder.
    AuthorityLimit.objects.create(role=Role.AGENT, currency="BRL", amount=1000)
    Absence.objects.create(user=people["ana"], starts_at=now - timedelta(days=2), ends_at=now + timedelta(days=5))
    return Cast(people, teams)


def find() -> Cast:
    """The same of a desk that is loaded already; people whom somebody has removed since are missing in it."""
    by_email = {user.email: user for user in User.objects.all()}
    addresses = {sheet.key: cast.email_of(sheet) for sheet in cast.COLLEAGUES}
    addresses |= {client.key: client.email for company in cast.COMPANIES for client in company.people}
    people = {key: by_email[email] for key, email in addresses.items() if email in by_email}
    return Cast(people, {team.slug: team for team in Team.objects.all()})


def address(key: str) -> str:
    """The e-mail of a colleague, by key."""
    return next(cast.email_of(sheet) for sheet in cast.COLLEAGUES if sheet.key == key)


def needed() -> set[str]:
    """Without these no day can begin: one person per role, and the colleague who puts things away."""
    return {*cast.ROLES.values(), "bruno"}


def _keys() -> list[str]:
    clients = [client.key for company in cast.COMPANIES for client in company.people]
    return [sheet.key for sheet in cast.COLLEAGUES] + clients


def _organisations() -> dict[str, Organisation]:
    rows = [
        Organisation(
            name=company.name,
            slug=company.slug,
            tier=Tier(company.tier),
            value=company.value,
            since=date.fromisoformat(company.since),
        )
        for company in cast.COMPANIES
    ]
    return {row.slug: row for row in Organisation.objects.bulk_create(rows)}


def _colleague(sheet: cast.Colleague, password: str) -> User:
    return User(
        email=cast.email_of(sheet),
        name=sheet.name,
        role=Role(sheet.role),
        language=sheet.language,
        time_zone=sheet.zone,
        # Long enough to see it wait, short enough for a tour.
        undo_seconds=5,
        password=password,
    )


def _client(company: cast.Company, client: cast.Client, organisation: Organisation, password: str) -> User:
    return User(
        email=client.email,
        name=client.name,
        role=Role.CUSTOMER,
        organisation=organisation,
        # Whoever tries the desk signs in with this one, and reads English first; the others read their own language.
        language="en" if client.key == cast.DEMO_CUSTOMER else company.language,
        time_zone=company.zone,
        password=password,
    )


def _since(people: dict[str, User], now: datetime) -> None:
    """Nobody came today: colleagues when they were hired, customers with their company."""
    for sheet in cast.COLLEAGUES:
        people[sheet.key].created_at = now - sheet.months * MONTH
    for company in cast.COMPANIES:
        began = datetime.combine(date.fromisoformat(company.since), time(12), UTC)
        for client in company.people:
            people[client.key].created_at = min(began, now)
    User.objects.bulk_update(people.values(), ["created_at"])


def _deputies(people: dict[str, User]) -> None:
    absent = [sheet for sheet in cast.COLLEAGUES if sheet.deputy]
    for sheet in absent:
        people[sheet.key].deputy = people[sheet.deputy]
    User.objects.bulk_update([people[sheet.key] for sheet in absent], ["deputy"])


def _skills(people: dict[str, User]) -> None:
    held = [
        (people[sheet.key], name, level) for sheet in cast.COLLEAGUES for name, level in (sheet.skills or {}).items()
    ]
    rows = Skill.objects.bulk_create([Skill(name=name) for name in dict.fromkeys(name for _user, name, _level in held)])
    skills = {skill.name: skill for skill in rows}
    UserSkill.objects.bulk_create([UserSkill(user=user, skill=skills[name], level=level) for user, name, level in held])


def _teams(people: dict[str, User]) -> dict[str, Team]:
    operations = _team(cast.OPERATIONS, people, None)
    return {"operations": operations} | {sheet.slug: _team(sheet, people, operations) for sheet in cast.TEAMS}


def _quick_replies(teams: dict[str, Team]) -> None:
    rows = [
        QuickReply(team=teams.get(text.team), language=text.language, title=text.title, body=text.body)
        for text in QUICK_REPLIES
    ]
    QuickReply.objects.bulk_create(rows)


def _macros(teams: dict[str, Team]) -> None:
    rows = [Macro(name=name, team=teams.get(team), actions=list(does)) for name, team, does in MACROS]
    Macro.objects.bulk_create(rows)


def _team(sheet: cast.TeamSheet, people: dict[str, User], parent: Team | None) -> Team:
    """What no rule places goes to the top of the chain, where somebody will place it."""
    team = Team.objects.create(
        name=sheet.name,
        slug=sheet.slug,
        icon=sheet.icon,
        scope=sheet.scope,
        lead=people[sheet.lead],
        parent=parent,
        is_fallback=parent is None,
    )
    team.managers.set([people[sheet.manager]])
    team.members.set([people[key] for key in sheet.members])
    return team
