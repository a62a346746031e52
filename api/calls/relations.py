"""The calls about how an escalation stands to others and to tickets (R19)."""

from http import HTTPStatus

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, endpoint
from api.inputs.escalations import EscalationLinkInput
from api.inputs.handling import UnlinkInput
from api.pagination import PageParameters, page
from api.shapes.escalations import EscalationShape
from api.shapes.relations import EscalationLinkPage, EscalationLinkShape, escalation_link_shape
from escalation.initiate import relations
from escalation.models import Escalation
from escalation.permissions import access_escalation
from people.enums import Role
from people.models import User


def list_escalation_links(ask: Ask, number: int) -> EscalationLinkPage:
    """How it stands to others, and to tickets, that the caller may see, from both sides, the newest link first."""
    escalation = access_escalation(ask.user, number)
    found = relations.links_of(escalation, ask.user)
    results, next_ = page(found, ask, lambda link: escalation_link_shape(link, escalation))
    return {"results": list(results), "next": next_}


def link_escalation(ask: Ask, number: int) -> EscalationLinkShape:
    """Link it to another escalation or to a ticket; both show it."""
    made = relations.link(user=ask.user, number=number, now=ask.now, **ask.given)
    return escalation_link_shape(made, access_escalation(ask.user, number))


def unlink_escalation(ask: Ask, number: int) -> EscalationShape:
    """Take one of its links away, on both sides."""
    return shown(relations.unlink(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def remove_escalation_link(ask: Ask, number: int, pk: int) -> EscalationShape:
    """The same as `unlink`, by the link's own address: it is gone on both sides."""
    return shown(relations.unlink(user=ask.user, number=number, link=pk, now=ask.now), ask)


def _of_it(user: User, number: int, pk: int) -> Escalation:
    return access_escalation(user, number)


one = endpoint(
    DELETE=Call(remove_escalation_link, Role.AGENT, EscalationShape, sees=Role.AGENT, guard=_of_it),
)
places = {
    "links": endpoint(
        GET=Call(
            list_escalation_links,
            Role.AGENT,
            EscalationLinkPage,
            parameters=PageParameters,
            sees=Role.AGENT,
            guard=access_escalation,
        ),
        POST=Call(
            link_escalation,
            Role.AGENT,
            EscalationLinkShape,
            status=HTTPStatus.CREATED,
            body=EscalationLinkInput,
            sees=Role.AGENT,
            guard=access_escalation,
        ),
    )
}
verbs = {"unlink": endpoint(POST=on_one(unlink_escalation, UnlinkInput))}
