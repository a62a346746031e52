"""The language of the search box, taken apart. Pure.

    payout -refund "since yesterday" pay* status:open,new -tag:duplicate priority:>=high due:<2h

A part is a word, a phrase in quotation marks, or `key:value`; a minus before it turns it round. A word with a star
stands for all words that begin so. Values are apart by commas; an operator (<, <=, >, >=) may stand before one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.words import asked_for

LONGEST_QUERY = 300
MOST_PARTS = 12
MOST_VALUES = 20

_PART = re.compile(
    r"""(?P<minus>-?)
        (?: (?P<key>[a-z_][a-z0-9_]*) : (?!//) (?P<operator>[<>]=?)? (?P<value>(?:"[^"]*"|[^\s"])*)
          | "(?P<phrase>[^"]*)"
          | (?P<word>[^\s"]+) )""",
    re.IGNORECASE | re.VERBOSE,
)


class QueryError(InvalidInput):
    """The query means nothing; `start` and `end` say where in it the wrong part stands."""

    def __init__(self, sentence: str, start: int = 0, end: int = 0) -> None:
        self.start, self.end = start, end
        super().__init__({"q": [sentence]})


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value`; a plain word or phrase has no key. `start` and `end` are its place in the query."""

    key: str
    value: str
    operator: str = ""
    negated: bool = False
    is_phrase: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def values(self) -> list[str]:
        return [value for value in (part.strip('" ') for part in _COMMA.split(self.value)) if value]

    @property
    def words(self) -> list[str]:
        """The words to be found next to each other; a star is left out."""
        return asked_for(self.value)[0]

    @property
    def is_prefix(self) -> bool:
        """Whether words that begin like the last one will do."""
        starred = not self.key and not self.is_phrase and self.value.endswith("*")
        return asked_for(self.value, is_beginning=starred)[1]

    def wrong(self, sentence: str) -> QueryError:
        return QueryError(sentence, self.start, self.end)


_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')


def parse(query: str) -> list[Term]:
    """The parts of a query, in order. Raises QueryError."""
    if len(query) > LONGEST_QUERY or "\x00" in query:
        raise QueryError(
            _("A search has at most %(limit)d characters, all printable.") % {"limit": LONGEST_QUERY}, 0, len(query)
        )
    if query.count('"') % 2:
        raise QueryError(_("A quotation mark is not closed."), query.rindex('"'), len(query))
    terms = list(_terms(query))
    if len(terms) > MOST_PARTS:
        extra = terms[MOST_PARTS]
        raise extra.wrong(_("A search has at most %(limit)d parts.") % {"limit": MOST_PARTS})
    return terms


def _terms(query: str) -> Iterator[Term]:
    for match in _PART.finditer(query):
        term = _term(match)
        if term.key and not term.values:
            raise term.wrong(_("“%(key)s:” needs a value.") % {"key": term.key[:40]})
        if len(term.values) > MOST_VALUES:
            raise term.wrong(_("“%(key)s:” takes at most %(limit)d values.") % {"key": term.key, "limit": MOST_VALUES})
        if term.value.strip('" '):
            yield term


def _term(match: "re.Match[str]") -> Term:
    is_phrase = match["phrase"] is not None
    return Term(
        key=(match["key"] or "").casefold(),
        value=match["value"] if match["key"] else match["phrase"] if is_phrase else match["word"],
        operator=match["operator"] or "",
        negated=bool(match["minus"]),
        is_phrase=is_phrase,
        start=match.start(),
        end=match.end(),
    )
