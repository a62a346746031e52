"""The first page: promises kept, escalations opened, the four pain points, the backlog and the causes."""

from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from people.models import User
from reports.asked import Asked
from reports.figures import with_room
from reports.grounds import cases as cases_of
from reports.shape import Report
from reports.source import Source
from reports.sources import backlog, causes, flow, pain, sla

KEY = "overview"


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    points = [point(user, asked, now) for point in pain.POINTS]
    figures = (
        sla.kept(user, asked, now),
        flow.opened(user, asked, now),
        *points,
        backlog.backlog(user, asked, now),
        causes.causes(user, asked, now),
    )
    return Report(KEY, _("Overview"), figures)


SOURCE = Source(
    key=KEY,
    title=lambda: _("Overview"),
    build=with_room(build),
    cases=partial(cases_of, {**backlog.GROUNDS, **sla.GROUNDS, **flow.GROUNDS, **pain.GROUNDS, **causes.GROUNDS}),
    filters=("team", "tier", "service"),
    for_managers=False,
)
