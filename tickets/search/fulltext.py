"""The full-text index of each database, behind one question: which tickets hold these words?

SQLite has an FTS5 table over the documents, kept by triggers; PostgreSQL a generated `tsvector` under a GIN index
(migration 0005). Both are fed the words that `common.words` makes, so neither splits or folds anything itself.
"""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL

from tickets.search.grammar import Term

# Tickets that are fetched by their words at once, rather than looked for on the way from the newest to the oldest.
RARE = 20_000


def holding(terms: Sequence[Term]) -> Q:
    """The condition that a ticket's words, internal ones among them, hold every one of these terms."""
    sql, parameters = _BACKENDS[connection.vendor](terms)
    if connection.vendor == "postgresql" and _is_rare(sql, parameters):
        sql = f"SELECT unnest(ARRAY({sql}))"
    return Q(number__in=RawSQL(sql, parameters, output_field=BigIntegerField()))  # noqa: S611 - words are parameters


def _is_rare(sql: str, parameters: Sequence[str]) -> bool:
    """Whether PostgreSQL expects so few that it is best to fetch them first and look at nothing else.

    Of a word that it has no statistics about it expects one ticket in two hundred, and would rather walk through all
    that there are than fetch so many one by one; it is mostly three. A common word is found soon by walking.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0]
    expected: int = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]
    return expected <= RARE


def in_public_words(term: Term) -> Q:
    """The same for one term in what the customer may read; without an index, for his own few tickets."""
    words = " ".join(term.words)
    pattern = f" {words}" if term.is_prefix else f" {words} "
    # One blank around the document, so that the first and the last word are whole words too.
    sql = "SELECT ticket_id FROM tickets_searchdocument WHERE ' ' || public || ' ' LIKE %s"
    return Q(number__in=RawSQL(sql, [f"%{pattern}%"], output_field=BigIntegerField()))  # noqa: S611 - no letter of a word is a wildcard


def _sqlite(terms: Sequence[Term]) -> tuple[str, list[str]]:
    asked = " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms)
    return "SELECT rowid FROM tickets_words WHERE tickets_words MATCH %s", [asked]


def _postgresql(terms: Sequence[Term]) -> tuple[str, list[str]]:
    asked = " & ".join(part for term in terms for part in _lexemes(term))
    sql = "SELECT ticket_id FROM tickets_searchdocument WHERE vector @@ %s::tsquery"
    parameters = [asked]
    for term in terms:
        if len(term.words) > 1:
            # The index knows which words are there, not that they stand side by side.
            sql += " AND ' ' || everything || ' ' LIKE %s"
            parameters.append(f"% {' '.join(term.words)}{'' if term.is_prefix else ' '}%")
    return sql, parameters


def _lexemes(term: Term) -> list[str]:
    *whole, last = term.words
    return [*(f"'{word}'" for word in whole), f"'{last}':*" if term.is_prefix else f"'{last}'"]


_BACKENDS = {"sqlite": _sqlite, "postgresql": _postgresql}
