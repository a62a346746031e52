"""A reply as the draft of an article: what is only for its customer is left out. Pure."""

from collections.abc import Sequence

from django.utils.text import slugify

from common.words import words_of
from knowledge.actions import SLUG_LIMIT, TITLE_LIMIT
from people.models import User
from tickets.models import Message

# A longer line that names somebody is no greeting.
LONGEST_GREETING = 60


def drafted(message: Message) -> dict[str, str]:
    """Title, short name and text to begin with: without the greeting, the signature and the names below it."""
    ticket, author = message.ticket, message.author
    title = ticket.subject[:TITLE_LIMIT]
    text = message.body.strip()
    if author is not None and author.signature.strip():
        text = text.removesuffix(author.signature.strip()).rstrip()
    lines = _without_greeting(text.split("\n"), ticket.requester)
    return {"title": title, "slug": slugify(title)[:SLUG_LIMIT].strip("-"), "body": "\n".join(_unsigned(lines, author))}


def _without_greeting(lines: Sequence[str], customer: User) -> list[str]:
    first, rest = lines[0], list(lines[1:])
    names = set(words_of(customer.name))
    if len(first) <= LONGEST_GREETING and names & set(words_of(first)):
        return "\n".join(rest).strip().split("\n")
    return list(lines)


def _unsigned(lines: Sequence[str], author: User | None) -> list[str]:
    """A last line that is nothing but the author's name goes."""
    kept, names = list(lines), set(words_of(author.name)) if author else set()
    while kept and set(words_of(kept[-1])) <= names:
        kept.pop()
    return kept
