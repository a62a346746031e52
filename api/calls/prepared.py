"""The calls about what the desk has prepared: saved views, quick replies, the fields of its own."""

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.fields import Choice, Parameters
from api.pagination import PageParameters, page
from api.shapes.handling import (
    FieldPage,
    MacroPage,
    QuickReplyPage,
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
from tickets import macros, saved
from tickets import quick_replies as replies
from tickets.enums import BelongsTo
from tickets.models import CustomField, RequestType
from tickets.permissions import May, access_ticket
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
    """Prepared texts with their placeholders in braces."""
    people.check_agent(ask.user)
    results, next_ = page(
        replies.of_the_desk(),
        ask,
        lambda row: quick_reply_shape(row, row.body, replies.unresolved(row.body)),
        newest_first=False,
    )
    return {"results": list(results), "next": next_}


def list_filled_quick_replies(ask: Ask, number: int) -> QuickReplyPage:
    """Those that are meant for this ticket, what fits best first, with everything filled in that is known."""
    ticket = access_ticket(ask.user, number, can=May.WORK)
    known = replies.values(ticket, ask.user, ask.now)
    filled = [(row, replies.fill(row.body, known)) for row in replies.for_ticket(ticket)]
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
quick_replies = endpoint(GET=Call(list_quick_replies, Role.AGENT, QuickReplyPage, parameters=PageParameters))
filled = endpoint(
    GET=Call(list_filled_quick_replies, Role.AGENT, QuickReplyPage, parameters=Parameters, guard=access_ticket)
)
macro_list = endpoint(GET=Call(list_macros, Role.AGENT, MacroPage, parameters=PageParameters))
macros_of_ticket = endpoint(
    GET=Call(list_macros_of_ticket, Role.AGENT, MacroPage, parameters=Parameters, guard=access_ticket)
)
request_types = endpoint(GET=Call(list_request_types, Role.CUSTOMER, RequestTypePage, parameters=Parameters))
fields = endpoint(GET=Call(list_fields, Role.AGENT, FieldPage, parameters=FieldParameters))
