"""Who finds what behind a door: one outcome for each role."""

from dataclasses import dataclass

ROLES = ("stranger", "owner", "other customer", "agent", "outside agent", "manager", "admin", "called")
Outcomes = tuple[str, ...]

# One outcome for each role, in the order above. The ticket belongs to a restricted team, in which the agent works;
# who is called works outside it and is on the task force of its escalation.
WRONG: Outcomes = ("method",) * 8
OPEN: Outcomes = ("in",) * 8
GONE: Outcomes = ("none",) * 8
SIGNED: Outcomes = ("login", "in", "in", "in", "in", "in", "in", "in")
SCRIPT: Outcomes = ("sign", "in", "in", "in", "in", "in", "in", "in")
CUSTOMERS: Outcomes = ("login", "in", "in", "none", "none", "none", "none", "none")
OWNER: Outcomes = ("login", "in", "none", "none", "none", "none", "none", "none")
STAFF: Outcomes = ("login", "none", "none", "in", "in", "in", "in", "in")
TEAM: Outcomes = ("login", "none", "none", "in", "none", "in", "in", "none")
ROOM: Outcomes = ("login", "none", "none", "in", "none", "in", "in", "in")
ASKER: Outcomes = ("login", "none", "none", "in", "none", "none", "none", "none")
READERS: Outcomes = ("login", "in", "none", "in", "none", "in", "in", "none")
ALERTED: Outcomes = ("login", "none", "none", "none", "none", "in", "none", "none")
MANAGER: Outcomes = ("login", "none", "none", "none", "none", "in", "none", "none")
CHANGERS: Outcomes = ("login", "none", "none", "none", "none", "in", "in", "none")
MANAGERS: Outcomes = ("login", "none", "none", "none", "none", "in", "in", "none")
ADMIN: Outcomes = ("login", "none", "none", "none", "none", "none", "in", "none")


@dataclass(frozen=True)
class Row:
    """What reading and what writing are answered with, and which of the made things the address is about."""

    get: Outcomes
    post: Outcomes = WRONG
    about: str = "ticket"
