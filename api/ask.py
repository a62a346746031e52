"""What a call is handed: who asks, when, and what was given."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from people.models import User


@dataclass(frozen=True, slots=True)
class Links:
    """Whole addresses: the scheme is the configured one (a proxy hides it), the host the one that was asked."""

    origin: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Links":
        return cls(f"{urlsplit(settings.BASE_URL).scheme}://{request.get_host()}")

    def to(self, name: str, **path: Any) -> str:
        return self.origin + reverse(f"api:{name}", kwargs=path)


@dataclass(frozen=True, slots=True)
class Ask:
    """One call. `given` is the checked body, `parameters` the checked part of the address behind the question mark."""

    user: User
    now: datetime
    links: Links
    given: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    path: str = ""


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if at is None else instant(at)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
