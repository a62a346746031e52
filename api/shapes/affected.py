"""The customers whom an escalation harms, as the API shows them."""

from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Person, Url
from escalation.initiate.affected import Report
from escalation.models import AffectedCustomer
from tickets.enums import Channel


class AffectedShape(TypedDict):
    """`access_at` is set once it is confirmed, or waived for the reason in `waived`; `left_out` says why no update to
    customers is owed to this one.
    """

    person: Person
    organisation: str | None
    channel: Annotated[str, Channel]
    language: str
    time_zone: str
    ticket: int | None
    added_at: Moment
    access_at: Moment | None
    access_by: str | None
    waived: str
    left_out: str


class AffectedPage(TypedDict):
    results: list[AffectedShape]
    next: Url | None


class NotTakenShape(TypedDict):
    line: int
    text: str
    reason: str


class ReportShape(TypedDict):
    """What became of a list: how many are new, how many stood there already, and what was not taken, with why."""

    added: int
    already: int
    not_taken: list[NotTakenShape]


def affected_shape(row: AffectedCustomer) -> AffectedShape:
    organisation = row.person.organisation
    return {
        "person": {"name": row.person.name, "email": row.person.email},
        "organisation": organisation.slug if organisation else None,
        "channel": row.ticket.channel if row.ticket else Channel.EMAIL,
        "language": row.person.language,
        "time_zone": row.person.time_zone,
        "ticket": row.ticket_id,
        "added_at": instant(row.added_at),
        "access_at": moment(row.access_at),
        "access_by": row.access_by.email if row.access_by else None,
        "waived": row.access_waived,
        "left_out": row.left_out,
    }


def report_shape(report: Report) -> ReportShape:
    return {
        "added": report.added,
        "already": report.already,
        "not_taken": [{"line": one.line, "text": one.text, "reason": one.reason} for one in report.not_taken],
    }
