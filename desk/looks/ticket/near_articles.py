"""Articles near what a ticket is about, for whoever answers it: as a link, or with their words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from knowledge import services
from knowledge.enums import OUTSIDE
from knowledge.finding import find, suggest, telling
from knowledge.models import Article
from knowledge.snippets import Piece, snippet
from people.models import User
from tickets.enums import DraftKind
from tickets.models import Ticket

NEAR, FOUND = 3, 20
FIRST_WORDS = 500
# A longer one is not carried along in the page; the server puts it in.
AT_HAND = 6000


@dataclass(frozen=True, slots=True)
class NearArticle:
    """`link` and `text` go in by a click; empty where the server has something to say first."""

    article: Article
    is_inside: bool
    pieces: Sequence[Piece]
    link: str
    text: str


def near(ticket: Ticket, user: User, *, q: str = "", kind: str = DraftKind.REPLY) -> list[NearArticle]:
    """Those with all words of `q`; without it those that share rare words with what the customer asked.

    `kind`: of what is being written, a reply or a note.
    """
    known = services.inside(user, ticket.requester.language).select_related("current")
    if q:
        return [_told(one, q, kind) for one in find(known, q)[:FOUND]]
    asked = ticket.messages.filter(by_customer=True).order_by("pk").values_list("body", flat=True).first() or ""
    found = suggest(known, f"{ticket.subject} {asked[:FIRST_WORDS]}", most=NEAR)
    words = telling(known, ticket.subject)
    return [_told(one, words, kind) for one in found]


def is_inside(article: Article) -> bool:
    """Its words are for colleagues alone."""
    return article.readers not in OUTSIDE


def text_of(article: Article) -> str:
    return article.current.body if article.current else ""


def link_to(article: Article, kind: str) -> str:
    """In Markdown: where the customer reads it, or from a note where a colleague does."""
    page = "desk:article" if kind == DraftKind.NOTE or is_inside(article) else "portal:article"
    title = article.title.replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]")
    return f"[{title}]({settings.BASE_URL.rstrip('/')}{reverse(page, args=[article.slug])})"


def _told(article: Article, asked: str, kind: str) -> NearArticle:
    text, is_held = text_of(article), is_inside(article) and kind != DraftKind.NOTE
    return NearArticle(
        article=article,
        is_inside=is_inside(article),
        pieces=snippet(text, asked),
        link="" if is_held else link_to(article, kind),
        text="" if is_held or len(text) > AT_HAND else text,
    )
