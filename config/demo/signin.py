"""`var/demo.json`: the address, one sign-in and one API token per role, for people and for programs."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from api.models import ApiToken, digest_of, new_secret
from config.demo import cast
from config.demo.company import PASSWORD, Cast
from people.models import User

TOKEN_NAME = "Demo"  # noqa: S105 - the token's name, not the token


def write(company: Cast, now: datetime) -> Path:
    """Whole or not at all. Of a token only the hash is in the database, so this file is where it lives."""
    path = settings.VAR_DIR / "demo.json"
    users = {role: company.people[key] for role, key in cast.ROLES.items()}
    kept = _read(path).get("tokens")
    demo = {
        "url": settings.BASE_URL,
        "password": PASSWORD,
        "users": {role: user.email for role, user in users.items()},
        "tokens": kept if _are_valid(kept, users) else _make_tokens(users, now),
    }
    unfinished = path.with_name(f"{path.name}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(demo, file, indent=2, ensure_ascii=False)
        file.write("\n")
    unfinished.replace(path)
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _are_valid(tokens: object, users: Mapping[str, User]) -> bool:
    """Made for this very database, each for the person of its role, and none revoked."""
    if not isinstance(tokens, dict) or set(tokens) != set(users):
        return False
    return all(
        ApiToken.objects.filter(digest=digest_of(str(secret)), user=users[role]).exists()
        for role, secret in tokens.items()
    )


def _make_tokens(users: Mapping[str, User], now: datetime) -> dict[str, str]:
    ApiToken.objects.filter(name=TOKEN_NAME, user__in=users.values()).delete()
    tokens = {role: new_secret() for role in users}
    ApiToken.objects.bulk_create(
        [
            ApiToken(user=users[role], name=TOKEN_NAME, digest=digest_of(secret), created_at=now)
            for role, secret in tokens.items()
        ]
    )
    return tokens
