from django.contrib.auth.hashers import make_password

from people.enums import Role, Tier
from people.models import Organisation, Team, User

PASSWORD = "correct horse battery staple"


def make_user(name: str, role: Role = Role.AGENT, **fields) -> User:
    email = fields.pop("email", f"{name.split()[0].lower()}@meridiano.example")
    user = User(email=email, name=name, role=role, **fields)
    # Signing in is by force_login or by this password where a test needs it; hashing each time would cost minutes.
    user.password = _hashed()
    user.save()
    return user


def make_organisation(name: str = "Livraria Aurora", tier: Tier = Tier.ENTERPRISE) -> Organisation:
    return Organisation.objects.create(name=name, slug=name.lower().replace(" ", "-"), tier=tier)


def make_team(name: str, *, lead: User | None = None, managers=(), members=(), **fields) -> Team:
    team = Team.objects.create(name=name, slug=name.lower().replace(" ", "-"), lead=lead, **fields)
    team.managers.set(managers)
    team.members.set(members)
    return team


def _hashed() -> str:
    if not _CACHE:
        _CACHE.append(make_password(PASSWORD))
    return _CACHE[0]


_CACHE: list[str] = []
