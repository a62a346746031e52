"""Addresses of pages, each put together once: a page has some forty, most of them the same on every page."""

from functools import lru_cache

from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from django.urls.resolvers import URLResolver

MOST_ADDRESSES = 10_000


def address(name: str, *args: str | int) -> str:
    """As `reverse` says. Raises NoReverseMatch where there is no such page."""
    return _address(get_resolver(get_urlconf()), get_script_prefix(), name, args)


@lru_cache(maxsize=MOST_ADDRESSES)
def _address(_resolver: URLResolver, _prefix: str, name: str, args: tuple[str | int, ...]) -> str:
    """Resolver and prefix are those that `reverse` looks up for itself."""
    return reverse(name, args=args)
