"""Which customers are probably one and the same. Pure.

Two people: one mailbox under two spellings, as far as its provider says that they are one; or one name at one
company's domain. Two organisations: one name but for case, accents, order of words and legal form.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple, TypeAlias

from people.enums import Why

# Providers that deliver `name+anything@` to `name@`, by their own word; of some the dots do not count either.
TAGGED = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "icloud.com",
        "me.com",
        "fastmail.com",
        "protonmail.com",
        "proton.me",
        "pm.me",
    ]
)
DOTLESS = frozenset(["gmail.com", "googlemail.com"])
SAME_HOUSE = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me"}
# Where everybody has an address, a common name says nothing.
OPEN_TO_ALL = TAGGED | frozenset(
    ["yahoo.com", "aol.com", "gmx.net", "gmx.de", "web.de", "uol.com.br", "bol.com.br", "terra.com.br"]
)
LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "as",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "eireli",
        "gmbh",
        "inc",
        "kg",
        "lda",
        "limited",
        "llc",
        "llp",
        "ltd",
        "ltda",
        "me",
        "nv",
        "oy",
        "plc",
        "sa",
        "sarl",
        "sas",
        "sl",
        "srl",
    ]
)

Apart: TypeAlias = AbstractSet[tuple[int, int]]

_NO_WORD = re.compile(r"[\W_]+")


class Known(NamedTuple):
    """A person as far as likeness goes."""

    pk: int
    name: str
    email: str


class Pair(NamedTuple):
    """`stays` is the elder of two."""

    stays: int
    goes: int
    why: Why


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: `c.menezes+shop@googlemail.com` is `cmenezes@gmail.com`."""
    local, _at, domain = address.strip().lower().rpartition("@")
    if domain in TAGGED:
        local = local.partition("+")[0]
    if domain in DOTLESS:
        local = local.replace(".", "")
    return f"{local}@{SAME_HOUSE.get(domain, domain)}"


def name_of(name: str) -> str:
    """`Menezes, Cora` and `cora menézes` are one name; nothing where it is a single word, which says too little."""
    words = _words(name)
    return " ".join(sorted(words)) if len(words) > 1 else ""


def house_of(name: str) -> str:
    """`Livraria Aurora, Lda.` is `livraria aurora`."""
    words = _words(name.replace(".", ""))
    return " ".join(sorted(word for word in words if word not in LEGAL_FORMS)) or " ".join(words)


def alike(people: Iterable[Known], apart: Apart = frozenset()) -> list[Pair]:
    """Each newer entry with the eldest that it resembles, the surest likeness first.

    `apart`: the pairs that somebody has said to be two, the elder first.
    """
    people = sorted(people)
    by_mailbox = _pairs(people, lambda one: mailbox_of(one.email), Why.MAILBOX, apart)
    known = {pair.goes for pair in by_mailbox}
    by_name = _pairs(people, _name_at_work, Why.NAME, apart)
    return [*by_mailbox, *(pair for pair in by_name if pair.goes not in known)]


def alike_houses(houses: Iterable[tuple[int, str]], apart: Apart = frozenset()) -> list[Pair]:
    known = [Known(pk, name, "") for pk, name in sorted(houses)]
    return _pairs(known, lambda one: house_of(one.name), Why.NAME, apart)


def _name_at_work(one: Known) -> str:
    name, domain = name_of(one.name), one.email.lower().rpartition("@")[2]
    return f"{name} @{domain}" if name and domain not in OPEN_TO_ALL else ""


def _pairs(people: Sequence[Known], mark: Callable[[Known], str], why: Why, apart: Apart) -> list[Pair]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for one in people:
        if key := mark(one):
            found[key].append(one.pk)
    return [
        Pair(eldest, other, why)
        for same in found.values()
        for place, other in enumerate(same)
        for eldest in islice((one for one in same[:place] if (one, other) not in apart), 1)
    ]


def _words(text: str) -> list[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return [word for word in _NO_WORD.split(plain.casefold()) if word]
