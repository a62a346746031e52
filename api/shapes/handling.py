"""Links, and what is prepared at the desk, as the API shows it; only the types of requests are for customers."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from api.ask import Links, instant
from api.shapes.basic import Moment, Url
from tickets import macros
from tickets.enums import RELATION_BACK, BelongsTo, FieldType, Relation, Status
from tickets.models import CustomField, Link, Macro, QuickReply, Rating, RequestType, SavedView, Ticket
from tickets.routing import Known


class LinkShape(TypedDict):
    """Seen from one of its two tickets: `words` is how that one stands to `ticket`; `back` where the link ends here."""

    id: int
    relation: Annotated[str, Relation]
    back: bool
    words: str
    ticket: int
    subject: str
    status: Annotated[str, Status]
    by: str | None
    since: Moment


class RatingShape(TypedDict):
    """What the customer says of how the ticket was solved, from 1 to 5; all of it null before he has answered."""

    score: int | None
    comment: str | None
    by: str | None
    given_at: Moment | None
    changed_at: Moment | None


class LinkPage(TypedDict):
    results: list[LinkShape]
    next: Url | None


class ViewShape(TypedDict):
    """A saved view: `base` is the desk's own view that it narrows, `team` whose it is, if not its owner's or all's."""

    id: int
    name: str
    owner: str
    team: str | None
    shared: bool
    base: str
    query: str
    order: str
    columns: list[str]
    tickets: Url


class ViewPage(TypedDict):
    results: list[ViewShape]
    next: Url | None


class QuickReplyShape(TypedDict):
    """`body` has its placeholders in braces; of one ticket they are filled in, and `open` names those that are left.

    `own`: only the caller has it.
    """

    id: int
    title: str
    body: str
    team: str | None
    own: bool
    language: str
    open: list[str]


class QuickReplyPage(TypedDict):
    results: list[QuickReplyShape]
    next: Url | None


class MacroShape(TypedDict):
    """`does` is what it will do, in words and in its order; `missing` names what is not there any more."""

    id: int
    name: str
    team: str | None
    actions: list[dict[str, Any]]
    does: list[str]
    missing: list[str]


class MacroPage(TypedDict):
    results: list[MacroShape]
    next: Url | None


class FieldShape(TypedDict):
    """What this desk wants to know besides; `key` is its name in the `fields` of what it belongs to."""

    key: str
    label: str
    belongs_to: Annotated[str, BelongsTo]
    type: Annotated[str, FieldType]
    choices: list[str]
    required: bool


class RequestTypeShape(TypedDict):
    """What a customer may ask for; `name` is its `request_type` in a new ticket. `fields`: all that its form asks."""

    name: str
    label: str
    description: str
    hint: str
    fields: list[FieldShape]


class RequestTypePage(TypedDict):
    results: list[RequestTypeShape]
    next: Url | None


class FieldPage(TypedDict):
    results: list[FieldShape]
    next: Url | None


def link_shape(link: Link, ticket: Ticket) -> LinkShape:
    """Of a link from `linking.seen_by`."""
    is_back = link.target_id == ticket.pk
    other = link.source if is_back else link.target
    relation = Relation(link.relation)
    return {
        "id": link.pk,
        "relation": link.relation,
        "back": is_back,
        "words": str(RELATION_BACK[relation] if is_back else relation.label),
        "ticket": other.number,
        "subject": other.subject,
        "status": other.status,
        "by": link.made_by.email if link.made_by else None,
        "since": instant(link.made_at),
    }


def view_shape(view: SavedView, links: Links) -> ViewShape:
    return {
        "id": view.pk,
        "name": view.name,
        "owner": view.owner.email,
        "team": view.team.slug if view.team else None,
        "shared": view.is_shared,
        "base": view.base,
        "query": view.query,
        "order": view.order,
        "columns": list(view.columns),
        "tickets": links.to("view-tickets", pk=view.pk),
    }


def macro_shape(macro: Macro, known: Known) -> MacroShape:
    return {
        "id": macro.pk,
        "name": macro.name,
        "team": macro.team.slug if macro.team else None,
        "actions": macro.actions,
        "does": macros.in_words(macro, known),
        "missing": list(macros.missing_in(macro, known)),
    }


def quick_reply_shape(row: QuickReply, body: str, left: list[str]) -> QuickReplyShape:
    return {
        "id": row.pk,
        "title": row.title,
        "body": body,
        "team": row.team.slug if row.team else None,
        "own": row.owner_id is not None,
        "language": row.language,
        "open": left,
    }


def field_shape(field: CustomField) -> FieldShape:
    return {
        "key": field.key,
        "label": field.label,
        "belongs_to": field.belongs_to,
        "type": field.type,
        "choices": list(field.choices),
        "required": field.is_required,
    }


def request_type_shape(row: RequestType, fields: Sequence[CustomField]) -> RequestTypeShape:
    return {
        "name": row.slug,
        "label": row.name,
        "description": row.description,
        "hint": row.hint,
        "fields": [field_shape(field) for field in fields],
    }


def rating_shape(rating: Rating | None) -> RatingShape:
    if rating is None:
        return {"score": None, "comment": None, "by": None, "given_at": None, "changed_at": None}
    return {
        "score": rating.score,
        "comment": rating.comment,
        "by": rating.by.email,
        "given_at": instant(rating.given_at),
        "changed_at": instant(rating.changed_at),
    }
