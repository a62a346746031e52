"""The same desk for both: tickets, people and texts drawn at random from a seed. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

AGENTS = 200
CUSTOMERS = 20_000
TEAMS = 8
LONG_CONVERSATIONS = 0.2
LONG = 5
# In about one conversation in three, and in three tickets of all.
COMMON_WORD = "settlement"
RARE_WORD = "zanzibar"
COMMON_IN = 0.3
RARE_TICKETS = (0.2, 0.5, 0.9)
SHARES = {"closed": 0.78, "solved": 0.07, "open": 0.08, "new": 0.03, "waiting": 0.03, "on_hold": 0.01}
PRIORITIES = {"low": 0.2, "normal": 0.5, "high": 0.25, "urgent": 0.05}
DAYS = 365
_SYLLABLES = ["pa", "mo", "ri", "ta", "ke", "lu", "so", "ve", "ni", "da", "go", "fe", "ra", "ti", "cu", "me"]


@dataclass(frozen=True, slots=True)
class Matter:
    """One ticket; `messages` are texts of 300 to 800 characters, the customer's and an agent's in turn."""

    number: int
    subject: str
    customer: int
    agent: int | None
    team: int
    status: str
    priority: str
    created_at: datetime
    due_at: datetime | None
    messages: tuple[str, ...]

    @property
    def is_active(self) -> bool:
        return self.status not in {"solved", "closed"}


def matters(count: int, now: datetime) -> Iterator[Matter]:
    """As many tickets, the oldest first; the same for the same count."""
    chance = random.Random(count)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(4000)]
    paragraphs = [_paragraph(chance, words) for _ in range(5000)]
    rare = {max(1, int(count * share)) for share in RARE_TICKETS}
    statuses, priorities = list(SHARES), list(PRIORITIES)
    for number in range(1, count + 1):
        created_at = now - timedelta(days=DAYS) * (1 - number / (count + 1))
        # What is open is mostly young.
        status = chance.choices(statuses, SHARES.values())[0]
        texts = [chance.choice(paragraphs) for _ in range(LONG if chance.random() < LONG_CONVERSATIONS else 1)]
        if chance.random() < COMMON_IN:
            texts[-1] = f"{COMMON_WORD} {texts[-1][:780]}"
        if number in rare:
            texts[0] = f"{RARE_WORD} {texts[0][:780]}"
        active = status not in {"solved", "closed"}
        yield Matter(
            number=number,
            subject=" ".join(chance.choices(words, k=5)),
            customer=chance.randrange(CUSTOMERS),
            agent=chance.randrange(AGENTS) if chance.random() < 0.9 else None,
            team=chance.randrange(TEAMS),
            status=status,
            priority=chance.choices(priorities, PRIORITIES.values())[0],
            created_at=created_at,
            due_at=now + timedelta(minutes=chance.randint(-600, 6000)) if active and chance.random() < 0.9 else None,
            messages=tuple(texts),
        )


def _paragraph(chance: random.Random, words: list[str]) -> str:
    length, text = chance.randint(300, 780), ""
    while len(text) < length:
        text += " " + words[min(int(chance.expovariate(1 / 400)), len(words) - 1)]
    return text.strip()[:800]
