"""Whether a domain's SPF record lets an address send for it (RFC 7208). Pure but for the lookup that it is given.

Macros are not expanded: a record whose verdict hangs on one is `unclear`, which is no fault of the domain.
"""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailroom.senders.looking import Lookup

# 4.6.4: of terms that ask the name system, of names that are not there, and of the servers of one "mx".
MOST_LOOKUPS, MOST_VOID, MOST_EXCHANGERS = 10, 2, 10
VERSION = "v=spf1"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - the word of the RFC
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    BROKEN = "broken"
    TOO_MANY = "too_many"
    UNCLEAR = "unclear"


_QUALIFIERS = {"+": Verdict.PASS, "-": Verdict.FAIL, "~": Verdict.SOFTFAIL, "?": Verdict.NEUTRAL}
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


class _Ended(Exception):
    """The whole of it comes to this, however deep we are."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Term:
    """`~include:x.example/24` in its parts; of a modifier the qualifier is empty."""

    verdict: Verdict
    name: str
    value: str
    prefix: str
    is_modifier: bool


@dataclass(slots=True)
class _Count:
    lookups: int = 0
    void: int = 0
    seen: list[str] = field(default_factory=list)


def check(address: str, domain: str, lookup: Lookup) -> Verdict:
    """`address`: that of the server which sends. Raises NoAnswerError of the lookup."""
    try:
        return _Reading(ipaddress.ip_address(address), lookup).of(domain)
    except _Ended as ended:
        return ended.verdict


def record_of(domain: str, lookup: Lookup) -> list[str]:
    """Every SPF record that stands there; more than one is as good as none (RFC 7208, 4.5)."""
    return [text for text in lookup.texts(domain) if text.lower() == VERSION or text.lower().startswith(f"{VERSION} ")]


def read_terms(record: str) -> list[Term] | None:
    """None for a record that is not well formed."""
    terms = [_term(word) for word in record.split()[1:]]
    return None if None in terms else [term for term in terms if term is not None]


class _Reading:
    """One evaluation: what it has asked so far counts for all records on the way."""

    def __init__(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address, lookup: Lookup) -> None:
        self.address, self.lookup, self.count = address, lookup, _Count()

    def of(self, domain: str) -> Verdict:
        records = record_of(domain, self.lookup)
        if len(records) != 1:
            return Verdict.BROKEN if records else Verdict.NONE
        terms = read_terms(records[0])
        if terms is None:
            return Verdict.BROKEN
        for term in terms:
            if not term.is_modifier and self._matches(term, domain):
                return term.verdict
        return self._redirected(terms)

    def _redirected(self, terms: list[Term]) -> Verdict:
        redirects = [term for term in terms if term.name == "redirect"]
        # "all" makes a redirect void (6.1), but then the loop has ended before.
        if not redirects:
            return Verdict.NEUTRAL
        if len(redirects) > 1:
            return Verdict.BROKEN
        self._ask(redirects[0])
        found = self.of(_plain(redirects[0].value))
        return Verdict.BROKEN if found is Verdict.NONE else found

    def _matches(self, term: Term, domain: str) -> bool:
        if term.name in _ASKING:
            self._ask(term)
        return _MATCHERS[term.name](self, term, _plain(term.value) or domain)

    def _ask(self, term: Term) -> None:
        self.count.lookups += 1
        if self.count.lookups > MOST_LOOKUPS:
            raise _Ended(Verdict.TOO_MANY)

    def _all(self, term: Term, name: str) -> bool:
        return True

    def _include(self, term: Term, name: str) -> bool:
        """Only a pass of what is included matches; what is broken there breaks this, too (5.2)."""
        found = self.of(name)
        if found in {Verdict.NONE, Verdict.BROKEN, Verdict.UNCLEAR}:
            raise _Ended(Verdict.BROKEN if found is Verdict.NONE else found)
        return found is Verdict.PASS

    def _network(self, term: Term, name: str) -> bool:
        return self.address in ipaddress.ip_network(f"{term.value}{term.prefix}", strict=False)

    def _host(self, term: Term, name: str) -> bool:
        return self._is_one_of(name, term)

    def _exchangers(self, term: Term, name: str) -> bool:
        servers = self._known(self.lookup.exchangers(name))
        if len(servers) > MOST_EXCHANGERS:
            raise _Ended(Verdict.TOO_MANY)
        return any(self._is_one_of(server, term) for server in servers)

    def _exists(self, term: Term, name: str) -> bool:
        return bool(self._known([one for one in self.lookup.addresses(name) if "." in one]))

    def _reverse(self, term: Term, name: str) -> bool:
        """Not to be used any more (5.5): whoever relies on it is not counted as named."""
        return False

    def _is_one_of(self, name: str, term: Term) -> bool:
        networks = (_widened(one, term.prefix) for one in self._known(self.lookup.addresses(name)))
        return any(network.version == self.address.version and self.address in network for network in networks)

    def _known(self, found: list[str]) -> list[str]:
        if not found:
            self.count.void += 1
            if self.count.void > MOST_VOID:
                raise _Ended(Verdict.TOO_MANY)
        return found


_MATCHERS: Mapping[str, Callable[[_Reading, Term, str], bool]] = {
    "all": _Reading._all,
    "include": _Reading._include,
    "a": _Reading._host,
    "mx": _Reading._exchangers,
    "ptr": _Reading._reverse,
    "ip4": _Reading._network,
    "ip6": _Reading._network,
    "exists": _Reading._exists,
}


def _term(word: str) -> Term | None:
    equals, colon = word.find("="), word.find(":")
    if equals > 0 and (colon < 0 or equals < colon):
        name, _, value = word.partition("=")
        return Term(Verdict.NEUTRAL, name.lower(), value, "", True) if name.isascii() and name[0].isalpha() else None
    verdict = _QUALIFIERS.get(word[0], Verdict.PASS)
    rest = word[1:] if word[0] in _QUALIFIERS else word
    body, slash, prefix = rest.partition("/")
    name, has_value, value = body.partition(":")
    term = Term(verdict, name.lower(), value, f"{slash}{prefix}", False)
    return term if term.name in _MATCHERS and all(_sound(term, bool(has_value))) else None


def _sound(term: Term, has_value: bool) -> Iterator[bool]:
    needs = term.name in {"include", "exists", "ip4", "ip6"}
    yield bool(term.value) if needs or has_value else True
    yield not term.prefix or term.name in {"a", "mx", "ip4", "ip6"}
    yield _has_lengths(term.prefix, first=128 if term.name == "ip6" else 32)
    if term.name in {"ip4", "ip6"}:
        try:
            yield ipaddress.ip_network(f"{term.value}{term.prefix}", strict=False).version == int(term.name[-1])
        except ValueError:
            yield False


def _has_lengths(prefix: str, *, first: int) -> bool:
    """Of a network of either kind: no longer than its addresses."""
    four, _, six = prefix.partition("//")
    given = ((four.lstrip("/"), first), (six, 128))
    return all(not length or (length.isdecimal() and int(length) <= most) for length, most in given)


def _plain(value: str) -> str:
    if "%" in value:
        raise _Ended(Verdict.UNCLEAR)
    return value.rstrip(".")


def _widened(address: str, prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """`/24//64`: the first for IPv4, the second for IPv6 (5.3)."""
    four, _, six = prefix.partition("//")
    length, most = (six, 128) if ":" in address else (four.lstrip("/"), 32)
    return ipaddress.ip_network(f"{address}/{length or most}", strict=False)
