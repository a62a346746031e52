"""What search returns is what a plain scan over the visible tickets returns, on both databases."""

import random
import re
from dataclasses import dataclass
from datetime import datetime

import pytest

from common.words import folded
from people.models import Team, User
from tests.factories.people import make_team
from tickets import actions
from tickets.files import Upload
from tickets.models import Ticket
from tickets.search import find
from visits.handing_over import hand_over
from visits.models import Transcript

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
VOCABULARY += ["銀行振込", "振込", "行", "出金が遅い", "決済端末POS", "지급이", "지급"]
VOCABULARY += ["straße", "STRASSE", "a", "refund", "é", "l’été", "№5", "½", "¶", "%", "it's", "log.txt", "51R"]
QUERIES = 150
UNPARTED = re.compile("([\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])")


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
    for _ in range(8):
        _hand_over(chance, anna, chance.choice([cora, stan]), chance.choice([payments, legal]), at)


def _hand_over(chance: random.Random, by: User, customer: User, team: Team, at: datetime) -> None:
    """By a bot, which has said something, too; a colleague's note comes after it."""
    turns = [{"who": who, "at": at, "text": _text(chance, 4)} for who in ("bot", "customer", "bot") for _ in range(2)]
    ticket = hand_over(user=by, bot=_text(chance, 1), turns=turns, now=at, email=customer.email, team=team)
    if chance.random() < 0.5:
        actions.note(ticket=ticket, author=by, body=_text(chance, 5), now=at)


def _text(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(VOCABULARY, k=count))


@dataclass(frozen=True)
class Unit:
    """A word, or one sign of a script that parts no words; `glued` to the sign before it where nothing lies between."""

    text: str
    glued: bool = False


def _units(text: str) -> list[Unit]:
    """Told without `common.words`, but for what it does to accents and forms, sign by sign."""
    units: list[Unit] = []
    for piece in re.split(r"[\W_]+", folded(text)):
        before = ""
        for part in filter(None, UNPARTED.split(piece)):
            units.append(Unit(part, bool(UNPARTED.match(part)) and bool(UNPARTED.match(before))))
            before = part
    return units


def _texts(ticket: Ticket, user: User) -> list[list[Unit]]:
    head = [str(ticket.number), ticket.subject, ticket.requester.name, ticket.requester.email]
    head += [ticket.organisation.name] if ticket.organisation else []
    for message in ticket.messages.visible_to(user):
        head += [message.body, *(file.name for file in message.attachments.all())]
    if user.is_agent:
        for transcript in Transcript.objects.filter(ticket=ticket):
            head += [transcript.bot, *(turn["text"] for turn in transcript.turns)]
    return [_units(text) for text in head]


def _holds(texts: list[list[Unit]], asked: list[Unit], prefix: bool) -> bool:
    return any(
        _stands_at(text[start : start + len(asked)], asked, prefix)
        for text in texts
        for start in range(len(text) - len(asked) + 1)
    )


def _stands_at(found: list[Unit], asked: list[Unit], prefix: bool) -> bool:
    """The first may be glued to what is before it; the others are as they were asked for."""
    same = [one.text for one in found[:-1]] == [one.text for one in asked[:-1]]
    glued = [one.glued for one in found[1:]] == [one.glued for one in asked[1:]]
    last, wanted = found[-1].text, asked[-1].text
    return same and glued and (last.startswith(wanted) if prefix else last == wanted)


class Scan:
    """What each person may see, read once."""

    def __init__(self, people: list[User]) -> None:
        self.seen = {
            person.pk: {ticket.number: _texts(ticket, person) for ticket in Ticket.objects.visible_to(person)}
            for person in people
        }

    def find(self, user: User, parts: list[tuple[bool, str, bool]]) -> set[int]:
        asked = [(negated, _units(text), prefix) for negated, text, prefix in parts if _units(text)]
        return {
            number
            for number, texts in self.seen[user.pk].items()
            if asked and all(_holds(texts, units, prefix) is not negated for negated, units, prefix in asked)
        }


def test_search_finds_what_a_plain_scan_finds(archive, anna, mona, cora, at, monkeypatch):
    chance = random.Random(7)
    scan = Scan([anna, mona, cora])
    hits = 0

    for _ in range(QUERIES):
        user = chance.choice([anna, mona, cora])
        # Fetched at once, or looked for on the way.
        monkeypatch.setattr("tickets.search.fulltext.RARE", chance.choice([0, 20_000]))
        parts = [_part(chance) for _ in range(chance.choice([1, 1, 2, 3]))]
        query = " ".join(f"{'-' if negated else ''}{_written(text, prefix)}" for negated, text, prefix in parts)
        found = {ticket.number for ticket in find(user, query, now=at)}
        assert found == scan.find(user, parts), (user, query)
        hits += bool(found)

    # Neither all nor nothing: the comparison has met both.
    assert QUERIES * 0.3 < hits < QUERIES


def _part(chance: random.Random) -> tuple[bool, str, bool]:
    prefix = chance.random() < 0.2
    text = (
        chance.choice(["pay", "or", "плат", "refu", "振", "銀行"])
        if prefix
        else _text(chance, chance.choice([1, 1, 1, 2]))
    )
    return chance.random() < 0.2, text, prefix


def _written(text: str, prefix: bool) -> str:
    return f"{text}*" if prefix else f'"{text}"'
