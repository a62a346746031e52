"""What is told to one person, already in that person's language and zone. Pure."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert: a line for the page, and the same as a mail with its facts.

    `facts` are (label, text) pairs for the mail's table. `path` is a path of this desk, without the host;
    `mail_path` is another one for the mail, where that leads to something of its own.
    """

    kind: str
    title: str
    body: str = ""
    path: str = ""
    mail_path: str = ""
    why: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    action: str = ""
    severity: int | None = None
    stage: str = ""
    reference: str = ""
    ticket_number: int | None = None
    escalation_number: int | None = None
    thread_token: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
