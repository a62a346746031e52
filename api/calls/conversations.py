"""The calls of bots (R72): a conversation is handed over, with an escalation where it cannot wait."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from api.ask import Ask
from api.calls.escalations import escalate
from api.calls.tickets import shown
from api.endpoint import Call, endpoint
from api.inputs.conversations import ConversationInput
from api.shapes.conversations import TranscriptShape, transcript_shape
from api.shapes.tickets import TicketShape
from common.errors import InvalidInput, NotFound
from people.enums import Role
from tickets import services
from tickets.permissions import access_ticket
from visits.handing_over import hand_over
from visits.models import Transcript


def open_by_bot(ask: Ask) -> TicketShape:
    """A ticket by chat with what was said before it; escalated in the same breath, or neither is done."""
    given = dict(ask.given)
    wanted, requester = given.pop("escalate", None), given.pop("requester", None)
    ticket = hand_over(user=ask.user, now=ask.now, **_for_whom(ask, requester), **_placed(ask, given))
    if wanted is not None:
        escalate(replace(ask, given=wanted), ticket.number)
    return shown(ticket, ask)


def show_transcript(ask: Ask, number: int) -> TranscriptShape:
    """What a customer and a bot said before the bot handed over; 404 where none did."""
    found = Transcript.objects.filter(ticket=access_ticket(ask.user, number).number).first()
    if found is None:
        raise NotFound
    return transcript_shape(found)


def _for_whom(ask: Ask, requester: dict[str, Any] | None) -> dict[str, Any]:
    """A customer's program speaks for its own person, as with every ticket."""
    if ask.user.is_agent:
        if requester is None:
            raise InvalidInput.of("requester", _("This is needed."))
        return {"email": requester["email"], "name": requester.get("name", "")}
    if requester is not None and requester["email"].casefold() != ask.user.email.casefold():
        raise InvalidInput.of("requester", _("A customer's token opens tickets for its own person only."))
    return {}


def _placed(ask: Ask, given: dict[str, Any]) -> dict[str, Any]:
    if not ask.user.is_agent:
        for name in ("team", "tags"):
            if given.get(name):
                raise InvalidInput.of(name, _("Only agents may set this."))
        return given
    return {**given, "team": services.find_team(given["team"]) if "team" in given else None}


conversations = endpoint(
    POST=Call(
        open_by_bot,
        Role.CUSTOMER,
        TicketShape,
        status=HTTPStatus.CREATED,
        body=ConversationInput,
        by_bots=True,
    )
)
transcript = endpoint(GET=Call(show_transcript, Role.CUSTOMER, TranscriptShape))
