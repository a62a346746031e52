"""What a bot hands over (R72): a ticket with the customer's own words, and beside it how the conversation went."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import BODY_LIMIT, flatten, many_lines, one_line
from people.models import User
from tickets import indexing
from tickets import services as tickets
from tickets.enums import Channel
from tickets.models import Ticket
from visits.askers import asker
from visits.enums import Speaker
from visits.models import Transcript

TURNS_LIMIT = 200
TURN_LIMIT = 5_000
SUBJECT_LIMIT = 80


@transaction.atomic
def hand_over(
    *,
    user: User,
    bot: str,
    turns: Sequence[Mapping[str, Any]],
    now: datetime,
    subject: str = "",
    email: str = "",
    name: str = "",
    **terms: Any,
) -> Ticket:
    """A ticket by chat, whose first message is all that the customer himself has said.

    For whom is the right of who calls: a customer's program asks for its own person, a colleague's for the customer
    whom it names. No colleague: his address was typed in a chat, and his name would stand over what a stranger wrote.
    `terms`: priority, and a colleague's team and tags. InvalidInput with the turn that is wrong.
    """
    kept = _checked(turns, now)
    said = "\n\n".join(turn["text"] for turn in kept if turn["who"] == Speaker.CUSTOMER)
    if not said:
        raise InvalidInput.of("turns", _("The customer has said nothing in it."))
    common: dict[str, Any] = {
        "user": user,
        "subject": subject or _shortened(said),
        "body": said,
        "channel": Channel.CHAT,
        "now": now,
        **terms,
    }
    if user.is_agent:
        person = asker(email, name, field="requester.email")
        ticket = tickets.open_for_caller(**common, email=person.email, name=person.name)
    else:
        ticket = tickets.ask(**common)
    Transcript.objects.create(
        ticket=ticket, bot=one_line(bot, field="bot", limit=80), turns=kept, handed_by=user, handed_at=now
    )
    indexing.rebuild([ticket.number])
    return ticket


def _checked(turns: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, str]]:
    """In the order in which they were said; none of them in the future, all together no more than one message holds."""
    if not 1 <= len(turns) <= TURNS_LIMIT:
        raise InvalidInput.of("turns", _("From 1 to %(most)d turns.") % {"most": TURNS_LIMIT})
    kept = [_turn(number, turn, now) for number, turn in enumerate(turns)]
    if sum(len(turn["text"]) + 2 for turn in kept) > BODY_LIMIT:
        raise InvalidInput.of("turns", _("All turns together: at most %(limit)d characters.") % {"limit": BODY_LIMIT})
    if any(one["at"] > other["at"] for one, other in pairwise(kept)):
        raise InvalidInput.of("turns", _("The turns stand in the order in which they were said."))
    return kept


def _turn(number: int, turn: Mapping[str, Any], now: datetime) -> dict[str, str]:
    at: datetime = turn["at"]
    if at > now:
        raise InvalidInput.of(f"turns.{number}.at", _("This lies in the future."))
    text = many_lines(turn["text"], field=f"turns.{number}.text", limit=TURN_LIMIT)
    return {
        "who": Speaker(turn["who"]).value,
        "at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "text": text,
    }


def _shortened(said: str) -> str:
    line = flatten(said.partition("\n")[0])
    return line if len(line) <= SUBJECT_LIMIT else f"{line[:SUBJECT_LIMIT].rstrip()}…"
