"""Saved reports as the API shows them."""

from typing import Annotated, TypedDict

from api.ask import Links, moment
from api.shapes.basic import Moment, Url
from people.models import User
from reports.enums import Every
from reports.models import SavedReport
from reports.saved import may_change


class MailShape(TypedDict):
    """When it goes by mail, by its owner's clock; `to` is told to whoever may change it."""

    every: Annotated[str, Every]
    day: int
    hour: int
    to: list[str]
    next_at: Moment | None


class SavedReportShape(TypedDict):
    """`asked` are the parameters of the report at `url`; `team` and `for_all` say who else has it."""

    id: int
    name: str
    report: str
    asked: dict[str, str]
    owner: str
    team: str | None
    for_all: bool
    may_change: bool
    mail: MailShape | None
    url: Url


class SavedReportPage(TypedDict):
    results: list[SavedReportShape]
    next: Url | None


def saved_shape(row: SavedReport, user: User, links: Links) -> SavedReportShape:
    is_his = may_change(user, row)
    return {
        "id": row.pk,
        "name": row.name,
        "report": row.report,
        "asked": dict(row.query),
        "owner": row.owner.name,
        "team": row.team.slug if row.team else None,
        "for_all": row.is_shared,
        "may_change": is_his,
        "mail": _mail(row, is_his) if row.every else None,
        "url": links.to("report", key=row.report),
    }


def _mail(row: SavedReport, is_his: bool) -> MailShape:
    return {
        "every": row.every,
        "day": row.day,
        "hour": row.hour,
        "to": sorted(person.email for person in row.recipients.all()) if is_his else [],
        "next_at": moment(row.next_moment),
    }
