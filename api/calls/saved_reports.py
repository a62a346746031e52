"""The calls about saved reports: a report as somebody asks for it, under a name, and by mail (R85)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.inputs.reports import SavedReportChange, SavedReportInput
from api.pagination import PageParameters, page
from api.shapes.saved_reports import SavedReportPage, SavedReportShape, saved_shape
from common.errors import InvalidInput, NotFound
from people.enums import Role
from people.models import Team, User
from people.zones import zone_of
from reports.asking import access_report, read
from reports.enums import Every
from reports.models import SavedReport
from reports.saved import Plan, access_saved, colleagues, delete_saved, save_report, visible_reports


def list_saved(ask: Ask) -> SavedReportPage:
    """The caller's own, those of his teams and those for everybody; the newest first."""
    results, next_ = page(_told(ask.user), ask, lambda row: saved_shape(row, ask.user, ask.links))
    return {"results": list(results), "next": next_}


def make_saved(ask: Ask) -> SavedReportShape:
    """Only its maker's where neither `team` nor `for_all` says otherwise; by mail with `mail`."""
    return _kept(ask, SavedReport(owner=ask.user, report=ask.given["report"]))


def show_saved(ask: Ask, pk: int) -> SavedReportShape:
    """One of those that the caller may see."""
    return saved_shape(access_saved(ask.user, pk), ask.user, ask.links)


def change_saved(ask: Ask, pk: int) -> SavedReportShape:
    """By its owner and by administrators; what is not given stays. With `mail: null` it goes by mail no more."""
    return _kept(ask, access_saved(ask.user, pk, to_change=True))


def remove_saved(ask: Ask, pk: int) -> SavedReportShape:
    """As it was last; nobody is sent it any more."""
    shape = saved_shape(access_saved(ask.user, pk, to_change=True), ask.user, ask.links)
    delete_saved(user=ask.user, pk=pk)
    return shape


def _told(user: User) -> "QuerySet[SavedReport]":
    return visible_reports(user).prefetch_related("recipients")


def _kept(ask: Ask, row: SavedReport) -> SavedReportShape:
    given = ask.given
    report = given.get("report", row.report)
    is_asked_anew = "asked" in given or report != row.report or row.pk is None
    saved = save_report(
        user=ask.user,
        name=given.get("name", row.name),
        report=report,
        query=_asked(ask, report, given.get("asked", row.query)) if is_asked_anew else row.query,
        plan=_plan(given["mail"]) if "mail" in given else _plan_of(row),
        team=_team(ask.user, given["team"]) if "team" in given else row.team,
        for_all=given.get("for_all", row.is_shared),
        saved=row if row.pk else None,
        now=ask.now,
    )
    return saved_shape(saved, ask.user, ask.links)


def _asked(ask: Ask, key: str, query: Mapping[str, str]) -> Mapping[str, str]:
    """As much as the report's own address takes. Raises InvalidInput with a sentence for each that is wrong."""
    zone = zone_of(ask.user.time_zone)
    today = timezone.localtime(ask.now, zone).date()
    try:
        source = access_report(ask.user, key)
    except NotFound as none:
        raise InvalidInput.of("report", _("There is no such report.")) from none
    wanted = read(query, source=source, user=ask.user, today=today, zone=zone)
    wanted.check()
    return wanted.query


def _plan_of(row: SavedReport) -> Plan:
    """As it is; whoever may be sent none any more is left out when it is saved."""
    return Plan(Every(row.every), row.day, row.hour, row.recipients.all()) if row.pk else Plan()


def _team(user: User, slug: str | None) -> Team | None:
    if not slug:
        return None
    team = Team.objects.open_to(user).filter(slug=slug).first()
    if team is None:
        raise InvalidInput.of("team", _("There is no such team."))
    return team


def _plan(mail: Mapping[str, Any] | None) -> Plan:
    """Raises InvalidInput for an address at which nobody may be sent a report."""
    if mail is None:
        return Plan()
    wanted = {address.casefold() for address in mail["to"]}
    people = [one for one in colleagues() if one.email.casefold() in wanted]
    if strangers := sorted(wanted - {one.email.casefold() for one in people}):
        told = {"addresses": ", ".join(strangers)}
        raise InvalidInput.of(
            "mail", _("Reports are sent to managers and administrators, not to %(addresses)s.") % told
        )
    return Plan(Every(mail["every"]), mail["day"], mail["hour"], people)


saved_reports = endpoint(
    GET=Call(list_saved, Role.AGENT, SavedReportPage, parameters=PageParameters),
    POST=Call(make_saved, Role.MANAGER, SavedReportShape, status=HTTPStatus.CREATED, body=SavedReportInput),
)
saved_report = endpoint(
    GET=Call(show_saved, Role.AGENT, SavedReportShape, sees=Role.AGENT),
    PATCH=Call(change_saved, Role.AGENT, SavedReportShape, body=SavedReportChange, sees=Role.AGENT),
    DELETE=Call(remove_saved, Role.AGENT, SavedReportShape, sees=Role.AGENT),
)
