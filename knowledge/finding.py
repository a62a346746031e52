"""Articles by words, best first: the words are those of the search for tickets (`common.words`).

Of a few thousand articles each is looked at; the longest has been made words when its version came into force.
"""

from math import log

from django.db.models import Case, Count, Expression, FloatField, Q, Value, When
from django.db.models.functions import Length

from common.words import asked_for, words_of
from knowledge.querysets import ArticleQuerySet

# What nobody types: the rest of a longer text is passed over.
MOST_WORDS, MOST_LETTERS = 16, 2000
SHORTEST = 3
TITLE_COUNTS = 3.0
# Among fewer articles than this a word that most of them hold may still tell one from another.
FEW = 4


def find(articles: ArticleQuerySet, text: str) -> ArticleQuerySet:
    """Those that hold every word of the text; a word in the title counts more. Nothing for a text without words."""
    patterns = _asked(text)
    if not patterns:
        return articles.none()
    for pattern in patterns:
        articles = articles.filter(_holds(pattern))
    return _ranked(articles, dict.fromkeys(patterns, 1.0))


def suggest(articles: ArticleQuerySet, text: str, *, most: int = 3) -> ArticleQuerySet:
    """Those that hold some words of a text that somebody wrote for another purpose: rare words count more.

    One word is too little, unless it stands in the title.
    """
    weights = _weights(articles, text)
    if not weights:
        return articles.none()
    shared = sum((_counted("words", pattern, 1.0) for pattern in weights), start=Value(0.0))
    in_title = sum((_counted("title_words", pattern, 1.0) for pattern in weights), start=Value(0.0))
    near = articles.annotate(shared=shared, in_title=in_title).filter(Q(shared__gte=2) | Q(in_title__gte=1))
    return _ranked(near, weights)[:most]


def _asked(text: str) -> list[str]:
    """Each word with blanks around it; one that may go on, without the second."""
    found = (asked_for(piece) for piece in text[:MOST_LETTERS].split()[:MOST_WORDS])
    return [f" {' '.join(words)}{'' if goes_on else ' '}" for words, goes_on in found if words]


def _weights(articles: ArticleQuerySet, text: str) -> dict[str, float]:
    """How much each word says: nothing where no article holds it, or nearly all do."""
    known = [
        word for word in dict.fromkeys(words_of(text[:MOST_LETTERS])) if len(word) >= SHORTEST or not word.isascii()
    ]
    patterns = [f" {word} " for word in known[:MOST_WORDS]]
    counts = {f"n{at}": Count("pk", filter=_holds(pattern)) for at, pattern in enumerate(patterns)}
    if not counts:
        return {}
    found = articles.order_by().aggregate(total=Count("pk"), **counts)
    total = found["total"]
    held = {pattern: found[f"n{at}"] for at, pattern in enumerate(patterns)}
    return {
        pattern: log(1 + total / n) for pattern, n in held.items() if n and (total < FEW or n * 2 <= total or n == 1)
    }


def _ranked(articles: ArticleQuerySet, weights: dict[str, float]) -> ArticleQuerySet:
    parts = [_counted("words", pattern, weight) for pattern, weight in weights.items()]
    parts += [_counted("title_words", pattern, weight * TITLE_COUNTS) for pattern, weight in weights.items()]
    return articles.annotate(rank=sum(parts, start=Value(0.0))).order_by("-rank", "-reads", Length("words"), "title")


def _holds(pattern: str) -> Q:
    return Q(words__contains=pattern)


def _counted(field: str, pattern: str, weight: float) -> Expression:
    held = When(**{f"{field}__contains": pattern}, then=Value(weight))
    return Case(held, default=Value(0.0), output_field=FloatField())
