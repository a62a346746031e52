"""Every address of the desk, read from the address table itself, so that a new one cannot be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Not ours: allauth's and the maintenance door's own pages have their own guards and tests.
FOREIGN = ("admin", "account_", "allauth")


@dataclass(frozen=True)
class Address:
    """A named pattern and the names of what it takes."""

    name: str
    takes: tuple[str, ...]

    def path(self, values: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={key: values[key] for key in self.takes})


def addresses() -> list[Address]:
    """All that have a name, in order."""
    found = {address.name: address for address in _walk(get_resolver(), "")}
    return [found[name] for name in sorted(found) if not name.startswith(FOREIGN)]


def _walk(resolver: URLResolver, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Address(f"{namespace}{entry.name}", tuple(entry.pattern.converters))
