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
    # Of a title in other letters than Latin ones nothing is left.
    slug = slugify(title)[:SLUG_LIMIT].strip("-") or f"reply-{message.pk}"
    return {"title": title, "slug": slug, "body": "\n".join(_unsigned(lines, author)).strip()}


def _without_greeting(lines: Sequence[str], customer: User) -> list[str]:
    greeting, comma, said = lines[0].partition(",")
    if len(greeting) > LONGEST_GREETING or not set(words_of(customer.name)) & set(words_of(greeting)):
        return list(lines)
    kept = [said.strip(), *lines[1:]] if comma else list(lines[1:])
    return "\n".join(kept).strip().split("\n")


def _unsigned(lines: Sequence[str], author: User | None) -> list[str]:
    """A last line that is nothing but the author's name goes."""
    kept, names = list(lines), set(words_of(author.name)) if author else set()
    while kept and set(words_of(kept[-1])) <= names:
        kept.pop()
    return kept
