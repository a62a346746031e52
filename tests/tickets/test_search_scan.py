"""What search returns is what a plain scan over the visible tickets returns, on both databases."""

import random

import pytest

from people.models import User
from tests.factories.people import make_team
from tickets import actions
from tickets.files import Upload
from tickets.models import Ticket
from tickets.search import find
from tickets.words import words_of

VOCABULARY = [
    "payout",
    "Payouts",
    "órfão",
    "ORFAO",
    "Платёж",
    "платеж",
    "hub-and-spoke",
    "R$ 212.480",
    "naïve",
    "x_y",
    "銀行",
]
VOCABULARY += ["straße", "STRASSE", "a", "refund", "é", "l’été", "№5", "½", "¶", "%", "it's", "log.txt", "51R"]
QUERIES = 150


@pytest.fixture
def archive(payments, anna, mona, cora, stan, open_ticket, at) -> None:
    """Tickets of words drawn at random, seeded: two customers, a restricted team, replies, notes and files."""
    chance = random.Random(97)
    legal = make_team("Legal", restricted=True)
    for _ in range(24):
        ticket = open_ticket(
            subject=_text(chance, 3),
            body=_text(chance, 6),
            requester=chance.choice([cora, stan]),
            team=chance.choice([None, None, legal]),
            attachments=[Upload(f"{chance.choice(VOCABULARY)}.txt", b"x")] if chance.random() < 0.3 else [],
        )
        if chance.random() < 0.7:
            actions.note(ticket=ticket, author=anna, body=_text(chance, 5), now=at)
        if chance.random() < 0.7:
            actions.reply(ticket=ticket, author=mona, body=_text(chance, 5), now=at)


def _text(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(VOCABULARY, k=count))


def _texts(ticket: Ticket, user: User) -> list[list[str]]:
    head = [str(ticket.number), ticket.subject, ticket.requester.name, ticket.requester.email]
    head += [ticket.organisation.name] if ticket.organisation else []
    for message in ticket.messages.visible_to(user):
        head += [message.body, *(file.name for file in message.attachments.all())]
    return [words_of(text) for text in head]


def _holds(texts: list[list[str]], words: list[str], prefix: bool) -> bool:
    for text in texts:
        for start in range(len(text) - len(words) + 1):
            found = text[start : start + len(words)]
            if found[:-1] == words[:-1] and (found[-1].startswith(words[-1]) if prefix else found[-1] == words[-1]):
                return True
    return False


def _scan(user: User, parts: list[tuple[bool, str, bool]]) -> set[int]:
    asked = [(negated, words_of(text), prefix) for negated, text, prefix in parts if words_of(text)]
    return {
        ticket.number
        for ticket in Ticket.objects.visible_to(user)
        if asked and all(_holds(_texts(ticket, user), words, prefix) is not negated for negated, words, prefix in asked)
    }


def test_search_finds_what_a_plain_scan_finds(archive, anna, mona, cora, at):
    chance = random.Random(7)
    hits = 0

    for _ in range(QUERIES):
        user = chance.choice([anna, mona, cora])
        parts = [_part(chance) for _ in range(chance.choice([1, 1, 2, 3]))]
        query = " ".join(f"{'-' if negated else ''}{_written(text, prefix)}" for negated, text, prefix in parts)
        found = {ticket.number for ticket in find(user, query, now=at)}
        assert found == _scan(user, parts), (user, query)
        hits += bool(found)

    # Neither all nor nothing: the comparison has met both.
    assert QUERIES * 0.3 < hits < QUERIES


def _part(chance: random.Random) -> tuple[bool, str, bool]:
    prefix = chance.random() < 0.2
    text = chance.choice(["pay", "or", "плат", "refu"]) if prefix else _text(chance, chance.choice([1, 1, 1, 2]))
    return chance.random() < 0.2, text, prefix


def _written(text: str, prefix: bool) -> str:
    return f"{text}*" if prefix else f'"{text}"'
