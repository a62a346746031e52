"""The calls about what the desk has prepared: saved views, quick replies, the fields of its own."""

from http import HTTPStatus
from typing import Any

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.fields import Choice, Parameters
from api.inputs.handling import QuickReplyChange, QuickReplyInput
from api.pagination import PageParameters, page
from api.shapes.handling import (
    FieldPage,
    MacroPage,
    QuickReplyPage,
    QuickReplyShape,
    RequestTypePage,
    ViewPage,
    field_shape,
    macro_shape,
    quick_reply_shape,
    request_type_shape,
    view_shape,
)
from api.shapes.tickets import TicketPage, ticket_shape, with_all
from people import permissions as people
from people.enums import Role
from tickets import macros, saved, services
from tickets import quick_replies as replies
from tickets.enums import BelongsTo
from tickets.models import CustomField, QuickReply, RequestType
from tickets.permissions import May, access_ticket
from tickets.preparing import access_reply, remove_reply, save_reply
from tickets.routing.existing import known_to_macros


class FieldParameters(Parameters):
    belongs_to = Choice(BelongsTo.choices, default=BelongsTo.TICKET)


def list_views(ask: Ask) -> ViewPage:
    """The caller's own saved views, those of the caller's teams, and those for everybody."""
    people.check_agent(ask.user)
    views = saved.visible_views(ask.user)
    results, next_ = page(views, ask, lambda view: view_shape(view, ask.links), newest_first=False)
    return {"results": list(results), "next": next_}


def list_tickets_of_view(ask: Ask, pk: int) -> TicketPage:
    """The tickets that a saved view shows the caller now, the newest first."""
    found = saved.tickets_of(ask.user, saved.access_view(ask.user, pk), ask.now)
    results, next_ = page(with_all(found, ask.user), ask, lambda ticket: ticket_shape(ticket, ask.user, ask.links))
    return {"results": list(results), "next": next_}


def list_quick_replies(ask: Ask) -> QuickReplyPage:
    """Prepared texts with their placeholders in braces: those of the desk and its teams, and the caller's own."""
    people.check_agent(ask.user)
    results, next_ = page(replies.used_by(ask.user), ask, _as_written, newest_first=False)
    return {"results": list(results), "next": next_}


def make_quick_reply(ask: Ask) -> QuickReplyShape:
    """The caller's own with `own`; of a `team` by whoever answers for it, of all teams by administrators."""
    return _as_written(save_reply(user=ask.user, **_terms(ask)))


def show_quick_reply(ask: Ask, pk: int) -> QuickReplyShape:
    """One of those that the caller can use."""
    return _as_written(access_reply(ask.user, pk, to_change=False))


def change_quick_reply(ask: Ask, pk: int) -> QuickReplyShape:
    """By whoever may make one like it; what is not given stays."""
    return _as_written(save_reply(user=ask.user, reply=access_reply(ask.user, pk), **_terms(ask)))


def remove_quick_reply(ask: Ask, pk: int) -> QuickReplyShape:
    """As it was last. One's own is gone; another is retired."""
    return _as_written(remove_reply(user=ask.user, pk=pk))


def _terms(ask: Ask) -> dict[str, Any]:
    given = dict(ask.given)
    return given | {"team": services.find_team(given["team"])} if given.get("team") else given


def _as_written(row: QuickReply) -> QuickReplyShape:
    return quick_reply_shape(row, row.body, replies.unresolved(row.body))


def list_filled_quick_replies(ask: Ask, number: int) -> QuickReplyPage:
    """Those that are meant for this ticket, what fits best first, with everything filled in that is known."""
    ticket = access_ticket(ask.user, number, can=May.WORK)
    known = replies.values(ticket, ask.user, ask.now)
    filled = [(row, replies.fill(row.body, known)) for row in replies.for_ticket(ticket, ask.user)]
    return {
        "results": [quick_reply_shape(row, body, replies.unresolved(body)) for row, body in filled],
        "next": None,
    }


def list_macros(ask: Ask) -> MacroPage:
    """Several actions under one name, each with what it does."""
    people.check_agent(ask.user)
    known = known_to_macros()
    results, next_ = page(macros.of_the_desk(), ask, lambda row: macro_shape(row, known), newest_first=False)
    return {"results": list(results), "next": next_}


def list_macros_of_ticket(ask: Ask, number: int) -> MacroPage:
    """Those that may be applied to this ticket, its team's first."""
    known = known_to_macros()
    rows = macros.for_ticket(access_ticket(ask.user, number, can=May.WORK))
    return {"results": [macro_shape(row, known) for row in rows], "next": None}


def list_fields(ask: Ask) -> FieldPage:
    """The desk's own fields, in their order: those of tickets, or with `belongs_to` those of escalations.

    Their values are set with `POST tickets/<number>/fields/` and `PATCH escalations/<number>/`.
    """
    people.check_agent(ask.user)
    found = CustomField.objects.in_use(ask.parameters["belongs_to"])
    return {"results": [field_shape(field) for field in found], "next": None}


def list_request_types(ask: Ask) -> RequestTypePage:
    """What customers may ask for, each with the fields of its form: a new ticket's `request_type` and `fields`."""
    asked = list(CustomField.objects.of_customers())
    types = list(RequestType.objects.in_use())
    named = {key for row in types for key in row.asks}
    rows = [(row, [one for one in asked if one.key in row.asks or one.key not in named]) for row in types]
    return {"results": [request_type_shape(row, fields) for row, fields in rows], "next": None}


views = endpoint(GET=Call(list_views, Role.AGENT, ViewPage, parameters=PageParameters))
view_tickets = endpoint(
    GET=Call(list_tickets_of_view, Role.AGENT, TicketPage, parameters=PageParameters, sees=Role.AGENT)
)
quick_replies = endpoint(
    GET=Call(list_quick_replies, Role.AGENT, QuickReplyPage, parameters=PageParameters),
    POST=Call(make_quick_reply, Role.AGENT, QuickReplyShape, status=HTTPStatus.CREATED, body=QuickReplyInput),
)
quick_reply = endpoint(
    GET=Call(show_quick_reply, Role.AGENT, QuickReplyShape, sees=Role.AGENT),
    PATCH=Call(change_quick_reply, Role.AGENT, QuickReplyShape, body=QuickReplyChange, sees=Role.AGENT),
    DELETE=Call(remove_quick_reply, Role.AGENT, QuickReplyShape, sees=Role.AGENT),
)
filled = endpoint(
    GET=Call(list_filled_quick_replies, Role.AGENT, QuickReplyPage, parameters=Parameters, guard=access_ticket)
)
macro_list = endpoint(GET=Call(list_macros, Role.AGENT, MacroPage, parameters=PageParameters))
macros_of_ticket = endpoint(
    GET=Call(list_macros_of_ticket, Role.AGENT, MacroPage, parameters=Parameters, guard=access_ticket)
)
request_types = endpoint(GET=Call(list_request_types, Role.CUSTOMER, RequestTypePage, parameters=Parameters))
fields = endpoint(GET=Call(list_fields, Role.AGENT, FieldPage, parameters=FieldParameters))
