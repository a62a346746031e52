"""A word somewhere in a column, however it is written: SQLite folds the case of ASCII alone."""

from django.db.models import Q


def spelt(word: str, *fields: str) -> Q:
    """In one of these columns, as it stands, in small letters, in capitals, or with a capital."""
    found = Q()
    for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
        for field in fields:
            found |= Q((f"{field}__icontains", spelling))
    return found
