"""The calls about the customers whom an escalation harms."""

from typing import Any

from django.utils.translation import gettext as _

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, endpoint
from api.inputs.escalations import CustomerInput, CustomerParameters, CustomersInput, LeaveOutInput, TakeBackInput
from api.pagination import page
from api.shapes.affected import AffectedPage, ReportShape, affected_shape, report_shape
from api.shapes.escalations import EscalationShape
from common.errors import InvalidInput
from escalation.parties.customers import customers_of, not_told
from escalation.permissions import access_escalation
from escalation.services import affected as services
from people.enums import Role


def list_customers(ask: Ask, number: int) -> AffectedPage:
    """Whom it harms, in the order in which they were added; `access=open` are those who still wait for access,
    `told=no` those to whom no update has gone out.
    """
    rows = customers_of(access_escalation(ask.user, number)).with_people()
    if ask.parameters.get("access"):
        rows = rows.without_access()
    if ask.parameters.get("told"):
        rows = not_told(rows)
    results, next_ = page(rows, ask, affected_shape, newest_first=False)
    return {"results": list(results), "next": next_}


def add_customers(ask: Ask, number: int) -> ReportShape:
    """Add some: by address, from a list, or whoever wrote what a search finds. What is not taken is told, with why."""
    given = dict(ask.given)
    ways = [name for name in ("people", "csv", "search", "view") if name in given]
    if len(ways) != 1:
        raise InvalidInput.of("people", _("Give one of people, csv, search or view."))
    common: dict[str, Any] = {"user": ask.user, "number": number, "now": ask.now}
    if ways == ["people"]:
        return report_shape(services.add_customers(emails=given["people"], **common))
    if ways == ["csv"]:
        return report_shape(services.add_customers_from(text=given["csv"], **common))
    return report_shape(services.add_customers_found(**given, **common))


def remove_customer(ask: Ask, number: int) -> EscalationShape:
    """Take one off the list. The requester of the ticket stays."""
    done = services.remove_customer(user=ask.user, number=number, email=ask.given["person"], now=ask.now)
    return shown(done, ask)


def leave_out(ask: Ask, number: int) -> EscalationShape:
    """No update to customers is owed to this one, with why: the step waits for the others alone."""
    given = {"email": ask.given["person"], "reason": ask.given["reason"]}
    return shown(services.leave_out(user=ask.user, number=number, now=ask.now, **given), ask)


def take_back_access(ask: Ask, number: int) -> EscalationShape:
    """One customer cannot work after all: access is open again, with why."""
    given = {"email": ask.given["person"], "reason": ask.given["reason"]}
    return shown(services.take_back_access(user=ask.user, number=number, now=ask.now, **given), ask)


customers = endpoint(
    GET=Call(
        list_customers,
        Role.AGENT,
        AffectedPage,
        parameters=CustomerParameters,
        sees=Role.AGENT,
        guard=access_escalation,
    )
)
verbs = {
    "add-customers": endpoint(
        POST=Call(add_customers, Role.AGENT, ReportShape, body=CustomersInput, sees=Role.AGENT, guard=access_escalation)
    ),
    "leave-out": endpoint(POST=on_one(leave_out, LeaveOutInput)),
    "take-back-access": endpoint(
        POST=Call(
            take_back_access, Role.AGENT, EscalationShape, body=TakeBackInput, sees=Role.AGENT, guard=access_escalation
        )
    ),
    "remove-customer": endpoint(
        POST=Call(
            remove_customer, Role.AGENT, EscalationShape, body=CustomerInput, sees=Role.AGENT, guard=access_escalation
        )
    ),
}
