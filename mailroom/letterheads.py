"""How a team's letters look from outside: who sends them, what stands below, in which language they are framed."""

from dataclasses import dataclass
from email.utils import formataddr

from common.identity import default_language, desk_name
from mailroom.models import Letterhead, Mailbox
from mailroom.threads import desk_address
from people.models import Team, User


@dataclass(frozen=True, slots=True)
class Style:
    """`sender` is empty where nothing differs from the desk's own."""

    sender: str = ""
    address: str = ""
    signature: str = ""
    language: str = ""

    def language_for(self, person: User) -> str:
        """His own where he has told one; the desk's first language is what everybody has who has told nothing."""
        return person.language if person.language != default_language() else self.language or person.language


def style_of(team: Team | None) -> Style:
    row = Letterhead.objects.filter(team=team).first() if team else None
    if row is None:
        return Style()
    address = row.address or desk_address()
    differs = row.address or row.name
    return Style(
        sender=formataddr((row.name or desk_name(), address)) if differs else "",
        address=row.address,
        signature=row.signature,
        language=row.language,
    )


def addresses_of(team: Team) -> list[str]:
    """Where people write to it: its mailboxes, else what it sends by, else the desk's own."""
    found = list(Mailbox.objects.filter(team=team).order_by("address").values_list("address", flat=True))
    sender = Letterhead.objects.filter(team=team).exclude(address="").values_list("address", flat=True).first()
    return found or [sender or desk_address()]
