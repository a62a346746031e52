from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """What a customer may come with, and how such a conversation goes.

    The texts hold places for `{store}`, `{amount}`, `{n}`, `{code}`, `{name}` (the customer) and `{agent}`.
    `team` is where the routing rules are expected to put it; a test holds them to that.
    """

    team: str
    subject: str
    body: str
    reply: str
    answer: str
    solution: str
    note: str
    tags: tuple[str, ...] = ()
