"""The calls about side conversations: what is written with third parties beside a ticket."""

from http import HTTPStatus

from django.http import FileResponse

from api.ask import Ask
from api.calls.tickets import sent_as_file, uploads_of, worked_on
from api.endpoint import Call, endpoint
from api.inputs.sides import SideInput, SideLetterInput
from api.pagination import PageParameters, page
from api.problems import nothing_here
from api.shapes.sides import SideLetterPage, SideLetterShape, SidePage, SideShape, side_letter_shape, side_shape
from common.errors import NotFound
from mailroom import correspondence
from mailroom.models import SideConversation, SideFile
from people.enums import Role
from people.models import User
from tickets.models import Ticket
from tickets.permissions import May, access_ticket


def list_sides(ask: Ask, number: int) -> SidePage:
    """The side conversations of a ticket, the newest first; its customer knows of none."""
    ticket = access_ticket(ask.user, number, can=May.WORK)
    found = correspondence.sides_of(ticket)
    results, next_ = page(found, ask, lambda side: side_shape(side, number, ask.links))
    return {"results": list(results), "next": next_}


def open_side(ask: Ask, number: int) -> SideShape:
    """Write to a third party about the ticket; the answer comes back to this conversation."""
    given = {name: value for name, value in ask.given.items() if name != "attachments"}
    made = correspondence.open_side(user=ask.user, number=number, now=ask.now, uploads=uploads_of(ask), **given)
    return side_shape(made, number, ask.links)


def list_letters(ask: Ask, number: int, pk: int) -> SideLetterPage:
    """The letters of one, the oldest first."""
    letters = _side(ask.user, number, pk).messages.select_related("author").prefetch_related("files")
    results, next_ = page(letters, ask, lambda letter: side_letter_shape(letter, number, ask.links), newest_first=False)
    return {"results": list(results), "next": next_}


def say_on_side(ask: Ask, number: int, pk: int) -> SideLetterShape:
    """One more letter of ours."""
    side = _side(ask.user, number, pk)
    letter = correspondence.say_on_side(
        user=ask.user, pk=side.pk, body=ask.given["body"], uploads=uploads_of(ask), now=ask.now
    )
    return side_letter_shape(letter, number, ask.links)


def download_side_file(ask: Ask, number: int, pk: int, file: int) -> FileResponse:
    """The content, always as a download."""
    kept = SideFile.objects.filter(pk=file, message__conversation=_side(ask.user, number, pk)).first()
    if kept is None:
        raise NotFound(nothing_here())
    return sent_as_file(kept)


def _side(user: User, number: int, pk: int) -> SideConversation:
    side: SideConversation | None = (
        correspondence.sides_of(access_ticket(user, number, can=May.WORK)).filter(pk=pk).first()
    )
    if side is None:
        raise NotFound(nothing_here())
    return side


def _of_it(user: User, number: int, **_path: int) -> Ticket:
    return access_ticket(user, number)


sides = endpoint(
    GET=Call(list_sides, Role.AGENT, SidePage, parameters=PageParameters, guard=access_ticket),
    POST=worked_on(open_side, SideInput, SideShape, HTTPStatus.CREATED),
)
side = endpoint(
    GET=Call(list_letters, Role.AGENT, SideLetterPage, parameters=PageParameters, guard=_of_it),
    POST=Call(say_on_side, Role.AGENT, SideLetterShape, status=HTTPStatus.CREATED, body=SideLetterInput, guard=_of_it),
)
file = endpoint(GET=Call(download_side_file, Role.AGENT, None, guard=_of_it))
