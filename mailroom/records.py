"""What is kept of a mail beside the message that it became, and whom no mail reaches."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from common import at_hand
from common.rows import insert_all, put
from mailroom.html import remote_images
from mailroom.models import DeliveryFailure, RawMessage, ReceivedMail
from mailroom.parse import ParsedMail
from mailroom.threads import is_own_address
from mailroom.verdicts import Nature, Trust
from people.models import User
from tickets.models import Message

PEOPLE_LIMIT = 30


def keep(
    message: Message,
    parsed: ParsedMail,
    row: RawMessage,
    *,
    nature: Nature,
    trust: Trust,
    is_own: Callable[[str], bool] = is_own_address,
) -> None:
    """In the transaction of the message."""
    attached = _attached(message) if parsed.inline else []
    others = [{"name": name, "address": address} for name, address in parsed.people if address != parsed.sender]
    mail = ReceivedMail(
        message=message,
        raw=row,
        nature=nature,
        trust=trust,
        sender=parsed.sender[:254],
        sender_name=parsed.sender_name,
        people=[one for one in others[:PEOPLE_LIMIT] if not is_own(one["address"])],
        html=parsed.html,
        remote_images=remote_images(parsed.html),
        inline={name: attached[place] for name, place in parsed.inline if place < len(attached)},
        invitations=[asdict(one) for one in parsed.invitations],
        report={name: value for name, value in asdict(parsed.report).items() if value and name != "about"},
    )
    # What programs send is counted while more of it is filed.
    (put if nature is Nature.LETTER else insert_all)([mail])


def _attached(message: Message) -> list[int]:
    kept = at_hand.kept(message, "attachments")
    rows = message.attachments.order_by("pk") if kept is None else kept
    return [row.pk for row in rows]


def mark_failing(*, address: str, message: Message | None, status: str, answer: str, now: datetime) -> bool:
    """True where this is news: the same letter's failure is told once."""
    _row, made = DeliveryFailure.objects.get_or_create(
        address=address.casefold(),
        message=message,
        cleared_at=None,
        defaults={"status": status, "answer": answer[:300], "at": now},
    )
    return made


def clear_failing(address: str, *, now: datetime, by: User | None = None) -> int:
    """The address has been heard of, or somebody says that it works; returns how many failures are settled."""
    return DeliveryFailure.objects.open().of(address).update(cleared_at=now, cleared_by=by)
