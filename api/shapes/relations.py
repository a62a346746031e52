"""The relations of escalations, as the API shows them; nothing of this is for customers."""

from typing import Annotated, TypedDict

from api.ask import instant
from api.shapes.basic import Moment, Url
from escalation.enums import LinkRelation
from escalation.models import Escalation, EscalationLink


class EscalationLinkShape(TypedDict):
    """Seen from one end: `words` is how that one stands to the other, an `escalation` or a `ticket`; `about` is what
    that one is about, and `state` an escalation's state or a ticket's status.
    """

    id: int
    relation: Annotated[str, LinkRelation]
    words: str
    escalation: int | None
    ticket: int | None
    about: str
    state: str
    by: str | None
    since: Moment


class EscalationLinkPage(TypedDict):
    results: list[EscalationLinkShape]
    next: Url | None


def escalation_link_shape(link: EscalationLink, escalation: Escalation) -> EscalationLinkShape:
    """Of a link from `relations.links_of`."""
    relation = link.seen_from(escalation)
    other = link.target if link.source_id == escalation.pk else link.source
    about, state = (other.summary, other.state) if other is not None else ("", "")
    if link.ticket is not None:
        about, state = link.ticket.subject, link.ticket.status
    return {
        "id": link.pk,
        "relation": relation.value,
        "words": str(relation.label),
        "escalation": other.number if other is not None else None,
        "ticket": link.ticket_id,
        "about": about,
        "state": state,
        "by": link.made_by.email if link.made_by else None,
        "since": instant(link.made_at),
    }
