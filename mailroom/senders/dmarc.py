"""What a domain wants done with mail that is not proved to be its own (RFC 7489). Pure but for the lookup."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailroom.senders.looking import Lookup

VERSION = "v=DMARC1"
POLICIES = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True, slots=True)
class Policy:
    """`domain`: where the record stands, the address's own or one above. `strict_*`: exactly the same domain."""

    domain: str
    policy: str
    strict_spf: bool
    strict_dkim: bool
    reports: bool


def policy_of(domain: str, lookup: Lookup) -> Policy | None:
    """Of the domain, else of the nearest above it (7489, 6.6.3; the tree is walked, so no list of suffixes is kept).

    None where there is no record that counts: none, several, or one without a policy.
    """
    for name in _upwards(domain):
        found = [text for text in lookup.texts(f"_dmarc.{name}") if text.split(";")[0].strip() == VERSION]
        if len(found) == 1:
            return _read(name, domain, found[0])
        if found:
            return None
    return None


def is_aligned(domain: str, other: str, *, strict: bool, organisation: str) -> bool:
    """Whether a proof for `other` counts for mail from `domain` (7489, 3.1); `organisation`: where both must lie."""
    names = (domain.lower(), other.lower())
    return names[0] == names[1] or (not strict and all(f".{name}".endswith(f".{organisation}") for name in names))


def _read(name: str, domain: str, text: str) -> Policy | None:
    tags = dict(_tags(text))
    policy = tags.get("sp", tags.get("p", "")) if name != domain else tags.get("p", "")
    if policy.lower() not in POLICIES:
        return None
    strict = {tag: tags.get(tag, "r").lower() == "s" for tag in ("aspf", "adkim")}
    return Policy(name, policy.lower(), strict["aspf"], strict["adkim"], "rua" in tags)


def _tags(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            yield name.strip().lower(), value.strip()


def _upwards(domain: str) -> Iterator[str]:
    """`a.b.example`, `b.example`: a top level has no policy for others."""
    labels = domain.lower().split(".")
    for start in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[start:])
