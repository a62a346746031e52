"""Articles by words, best first: the words are those of the search for tickets (`common.words`).

Each word of what holds is a row (`ArticleWord`): a search reads those of its own words, however many others there are.
"""

from collections.abc import Sequence
from math import log

from django.db.models import Case, Count, Expression, FloatField, Q, QuerySet, Sum, Value, When

from common.words import asked_for, words_of
from knowledge.models import ArticleWord
from knowledge.querysets import ArticleQuerySet

# What nobody types: the rest of a longer text is passed over.
MOST_WORDS, MOST_LETTERS = 16, 2000
SHORTEST = 3
TITLE_COUNTS = 3.0
# Among fewer articles than this a word that most of them hold may still tell one from another.
FEW = 4


def find(articles: ArticleQuerySet, text: str) -> ArticleQuerySet:
    """Those that hold every word of the text; a word in the title counts more. Nothing for a text without words."""
    pieces = _asked(text)
    if not pieces:
        return articles.none()
    for words, goes_on in pieces:
        articles = _holding(articles, words, goes_on)
    in_title = [_counted("title_words", _pattern(words, goes_on), 1.0) for words, goes_on in pieces]
    return articles.annotate(rank=sum(in_title, start=Value(0.0))).order_by("-rank", "-reads", "title")


def suggest(articles: ArticleQuerySet, text: str, *, most: int = 3) -> ArticleQuerySet:
    """Those that hold some words of a text that somebody wrote for another purpose: rare words count more.

    One word is too little, unless it stands in the title.
    """
    weights = _weights(articles, text)
    if not weights:
        return articles.none()
    weight = _by_word(weights)
    near = (
        _index_of(articles, list(weights))
        .values("article")
        .annotate(
            shared=Count("pk"),
            titles=Count("pk", filter=Q(in_title=True)),
            rank=Sum(weight) + TITLE_COUNTS * Sum(weight, filter=Q(in_title=True), default=0.0),
        )
    )
    near = near.filter(Q(shared__gte=2) | Q(titles__gte=1))
    ranked = near.order_by("-rank", "-article__reads", "article__title").values_list("article", flat=True)
    # Asked once: they are looked up by their keys below.
    best = list(ranked[:most])
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(best)]
    if not places:
        return articles.none()
    return articles.filter(pk__in=best).annotate(place=Case(*places)).order_by("place")


def telling(articles: ArticleQuerySet, text: str) -> str:
    """Those words of a text by which `suggest` finds: the rare ones, without what most articles hold."""
    return " ".join(_weights(articles, text))


def _asked(text: str) -> list[tuple[list[str], bool]]:
    """The words of each piece, which stand side by side, and whether a longer last one will do."""
    found = (asked_for(piece) for piece in text[:MOST_LETTERS].split()[:MOST_WORDS])
    return [(words, goes_on) for words, goes_on in found if words]


def _pattern(words: Sequence[str], goes_on: bool) -> str:
    return f" {' '.join(words)}{'' if goes_on else ' '}"


def _holding(articles: ArticleQuerySet, words: Sequence[str], goes_on: bool) -> ArticleQuerySet:
    for word in words[:-1] if goes_on else words:
        articles = articles.filter(pk__in=ArticleWord.objects.filter(word=word).values("article"))
    # That they stand side by side is asked of those alone that hold them.
    is_more = goes_on or len(words) > 1
    return articles.filter(words__contains=_pattern(words, goes_on)) if is_more else articles


def _weights(articles: ArticleQuerySet, text: str) -> dict[str, float]:
    """How much each word says: nothing where no article holds it, or nearly all do."""
    known = [
        word for word in dict.fromkeys(words_of(text[:MOST_LETTERS])) if len(word) >= SHORTEST or not word.isascii()
    ]
    rows = _index_of(articles, known[:MOST_WORDS]).order_by().values("word").annotate(n=Count("pk"))
    held = dict(rows.values_list("word", "n"))
    total = articles.order_by().count() if held else 0
    return {word: log(1 + total / n) for word, n in held.items() if total < FEW or n * 2 <= total or n == 1}


def _index_of(articles: ArticleQuerySet, words: Sequence[str]) -> "QuerySet[ArticleWord]":
    return ArticleWord.objects.filter(word__in=words, article__in=articles.order_by().values("pk"))


def _by_word(weights: dict[str, float]) -> Expression:
    known = (When(word=word, then=Value(weight)) for word, weight in weights.items())
    return Case(*known, default=Value(0.0), output_field=FloatField())


def _counted(field: str, pattern: str, weight: float) -> Expression:
    held = When(**{f"{field}__contains": pattern}, then=Value(weight))
    return Case(held, default=Value(0.0), output_field=FloatField())
