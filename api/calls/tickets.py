"""The calls about tickets. Each hands what it was given to the service that the pages call too."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.fields import Input
from api.inputs.tickets import (
    AssignInput,
    FieldsInput,
    HoldInput,
    KindInput,
    LedgerParameters,
    MergeInput,
    PriorityInput,
    ReplyInput,
    SearchParameters,
    StatusInput,
    TicketInput,
    WaitInput,
    WritingInput,
)
from api.pagination import page
from api.shapes.ledgers import LedgerShape, ledger_shape
from api.shapes.sla import MatchShape, match_shape
from api.shapes.tickets import (
    MessageShape,
    TicketPage,
    TicketShape,
    completed,
    just_opened,
    message_shape,
    ticket_shape,
    with_all,
)
from common.errors import InvalidInput, NotFound
from people.enums import Role
from sla.explain import settled_account_of, with_entries
from sla.matching import match_for
from sla.models import Clock
from tickets import search, services
from tickets.enums import Kind
from tickets.files import Upload
from tickets.models import Message, Ticket
from tickets.models.conversation import StoredFile
from tickets.permissions import access_attachment, access_ticket


def list_tickets(ask: Ask) -> TicketPage:
    """The tickets that the caller may see, the newest first; with `q` those that it describes."""
    found = search.find(ask.user, ask.parameters.get("q", ""))
    results, next_ = page(with_all(found, ask.user), ask, lambda ticket: ticket_shape(ticket, ask.user, ask.links))
    return {"results": list(results), "next": next_}


def open_ticket(ask: Ask) -> TicketShape:
    """Open a ticket: for the caller where a customer calls, for the requester that is named otherwise."""
    given = ask.given
    common: dict[str, Any] = {
        "subject": given["subject"],
        "body": given["body"],
        "now": ask.now,
        "priority": given["priority"],
        "channel": given["channel"],
        "attachments": uploads_of(ask),
    }
    if not ask.user.is_agent:
        _check_own(ask)
        return _opened(_asked_for(ask, common), ask)
    if "request_type" in given:
        raise InvalidInput.of("request_type", _("Customers choose it when they ask."))
    requester = given.get("requester")
    if requester is None:
        raise InvalidInput.of("requester", _("This is needed."))
    ticket = services.open_for_caller(
        user=ask.user,
        email=requester["email"],
        name=requester.get("name", ""),
        team=services.find_team(given["team"]) if "team" in given else None,
        tags=given.get("tags", []),
        kind=given.get("kind", Kind.QUESTION),
        fields=given.get("fields"),
        **common,
    )
    return _opened(ticket, ask)


def _asked_for(ask: Ask, common: dict[str, Any]) -> Ticket:
    """Whoever names a type is asked for its fields; of the others a program may know nothing."""
    what = ask.given.get("request_type", "")
    return services.ask(
        user=ask.user, request_type=what, fields=ask.given.get("fields", {} if what else None), **common
    )


def show_ticket(ask: Ask, number: int) -> TicketShape:
    """One ticket with its messages, clocks and escalations."""
    ticket = completed(access_ticket(ask.user, number), ask.user)
    return ticket_shape(ticket, ask.user, ask.links)


def reply(ask: Ask, number: int) -> MessageShape:
    """A public word: the customer's on his own ticket, an agent's on any that he may see."""
    message = services.reply(
        user=ask.user,
        number=number,
        body=ask.given["body"],
        now=ask.now,
        attachments=uploads_of(ask),
        channel="api",
        next_update_by=ask.given.get("next_update_by"),
    )
    return _message(message, ask)


def note(ask: Ask, number: int) -> MessageShape:
    """A word to colleagues, which no customer ever gets to see."""
    message = services.note(
        user=ask.user, number=number, body=ask.given["body"], now=ask.now, attachments=uploads_of(ask)
    )
    return _message(message, ask)


def assign(ask: Ask, number: int) -> TicketShape:
    """Give the ticket to a team, a person, or both."""
    ticket = services.assign(
        user=ask.user,
        number=number,
        now=ask.now,
        team_slug=ask.given.get("team", ""),
        assignee_email=ask.given.get("assignee", ""),
    )
    return shown(ticket, ask)


def set_priority(ask: Ask, number: int) -> TicketShape:
    """Another priority; the clocks follow."""
    return shown(services.set_priority(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def set_kind(ask: Ask, number: int) -> TicketShape:
    """Another type: question, incident, problem or task."""
    return shown(services.set_kind(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def set_fields(ask: Ask, number: int) -> TicketShape:
    """The desk's own fields: those that are given are set or, with null, cleared."""
    ticket = services.set_fields(user=ask.user, number=number, values=ask.given["fields"], now=ask.now)
    return shown(ticket, ask)


def merge(ask: Ask, number: int) -> TicketShape:
    """Put the ticket into another one of the same customer; the answer is the one that stays."""
    made = services.merge(user=ask.user, source=number, target=ask.given["into"], now=ask.now)
    return shown(made.target, ask)


def wait(ask: Ask, number: int) -> TicketShape:
    """The customer has to answer; the clocks pause."""
    return _change("wait", ask, number)


def hold(ask: Ask, number: int) -> TicketShape:
    """A third party has to act; the clocks run on."""
    return _change("hold", ask, number)


def resume(ask: Ask, number: int) -> TicketShape:
    """Work goes on."""
    return _change("resume", ask, number)


def solve(ask: Ask, number: int) -> TicketShape:
    """The desk says that it is done."""
    return _change("solve", ask, number)


def reopen(ask: Ask, number: int) -> TicketShape:
    """It was not done after all."""
    return _change("reopen", ask, number)


def close(ask: Ask, number: int) -> TicketShape:
    """Done for good."""
    return _change("close", ask, number)


def show_ledger(ask: Ask, number: int, metric: str) -> LedgerShape:
    """Why a clock is due when it is: its lines as written, and the segments that they make, to be added up again."""
    access_ticket(ask.user, number)
    clocks = Clock.every.visible_to(ask.user).filter(ticket=number, metric=metric).order_by("-cycle")
    if "cycle" in ask.parameters:
        clocks = clocks.filter(cycle=ask.parameters["cycle"])
    clock = with_entries(clocks).first()
    if clock is None:
        raise NotFound
    return ledger_shape(clock, settled_account_of(clock, ask.now), ask.user)


def explain_policy(ask: Ask, number: int) -> MatchShape:
    """Which policy takes the ticket as it is now, what that policy asks, and why none of the others does."""
    return match_shape(match_for(access_ticket(ask.user, number), ask.now))


def download(ask: Ask, pk: int) -> FileResponse:
    """The bytes of an attachment, to be kept and never to be shown by the browser (SECURITY)."""
    return sent_as_file(access_attachment(ask.user, pk))


def sent_as_file(kept: StoredFile) -> FileResponse:
    response = FileResponse(
        kept.stored.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _change(verb: str, ask: Ask, number: int) -> TicketShape:
    ticket = services.change_status(
        user=ask.user,
        number=number,
        verb=verb,
        now=ask.now,
        reason=ask.given.get("reason", ""),
        waits_for=ask.given.get("waits_for", ""),
    )
    return shown(ticket, ask)


def shown(ticket: Ticket, ask: Ask) -> TicketShape:
    # By number alone: whoever has just given a ticket away may still see what he did.
    fresh = with_all(Ticket.objects.filter(number=ticket.number), ask.user).get()
    return ticket_shape(fresh, ask.user, ask.links)


def _opened(ticket: Ticket, ask: Ask) -> TicketShape:
    return ticket_shape(just_opened(ticket, ask.user), ask.user, ask.links)


def _message(message: Message, ask: Ask) -> MessageShape:
    return message_shape(message, ask.user, ask.links)


def uploads_of(ask: Ask) -> list[Upload]:
    return [Upload(file["name"], file["content"]) for file in ask.given.get("attachments", [])]


def _check_own(ask: Ask) -> None:
    """What a customer may not set is refused and not passed over."""
    for name in ("team", "tags", "kind"):
        if ask.given.get(name):
            raise InvalidInput.of(name, _("Only agents may set this."))
    requester = ask.given.get("requester")
    if requester is not None and requester["email"].casefold() != ask.user.email.casefold():
        raise InvalidInput.of("requester", _("A customer's token opens tickets for its own person only."))


def worked_on(
    act: Callable[..., Any], body: type[Input], answer: Any = TicketShape, status: int = HTTPStatus.OK
) -> Call:
    """What only agents may do, on tickets that the caller may see."""
    return Call(act, Role.AGENT, answer, status=status, body=body, guard=access_ticket)


tickets = endpoint(
    GET=Call(list_tickets, Role.CUSTOMER, TicketPage, parameters=SearchParameters),
    POST=Call(open_ticket, Role.CUSTOMER, TicketShape, status=HTTPStatus.CREATED, body=TicketInput),
)
ticket = endpoint(GET=Call(show_ticket, Role.CUSTOMER, TicketShape))
ledger = endpoint(GET=Call(show_ledger, Role.CUSTOMER, LedgerShape, parameters=LedgerParameters))
policy = endpoint(GET=Call(explain_policy, Role.AGENT, MatchShape, sees=Role.AGENT))
attachment = endpoint(GET=Call(download, Role.CUSTOMER, None))
verbs = {
    "reply": endpoint(POST=Call(reply, Role.CUSTOMER, MessageShape, status=HTTPStatus.CREATED, body=ReplyInput)),
    "note": endpoint(POST=worked_on(note, WritingInput, MessageShape, HTTPStatus.CREATED)),
    "assign": endpoint(POST=worked_on(assign, AssignInput)),
    "priority": endpoint(POST=worked_on(set_priority, PriorityInput)),
    "kind": endpoint(POST=worked_on(set_kind, KindInput)),
    "fields": endpoint(POST=worked_on(set_fields, FieldsInput)),
    "merge": endpoint(POST=worked_on(merge, MergeInput)),
    "wait": endpoint(POST=worked_on(wait, WaitInput)),
    "hold": endpoint(POST=worked_on(hold, HoldInput)),
    **{act.__name__: endpoint(POST=worked_on(act, StatusInput)) for act in (resume, solve, reopen, close)},
}
