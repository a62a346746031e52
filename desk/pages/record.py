"""What an escalation's record holds besides its customers: services, details, links, the problem, the contacts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show, status_of
from desk.forms.record import DetailsForm, ProblemForm, RelationForm, ServicesForm
from desk.looks.escalations.contacts import contact_rows
from desk.looks.inbox.export import csv_parts
from desk.looks.ticket.ticket import colleagues
from desk.pages.export import sent
from escalation.initiate.describing import describe
from escalation.initiate.problem_records import open_problem
from escalation.initiate.relations import link
from escalation.initiate.servicing import set_services
from escalation.models import Escalation, EscalationLink
from escalation.permissions import access_escalation
from tickets.models import Service, Ticket


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def services(request: DeskRequest, number: int) -> HttpResponse:
    """Which services of the catalogue it is about."""
    escalation = access_escalation(request.user, number)
    chosen = list(Service.objects.filter(pk__in=escalation.affected_services.order_by().values("service")))
    form = ServicesForm(request.POST if request.method == "POST" else None, chosen=chosen)

    def act(given: dict[str, Any]) -> object:
        return set_services(user=request.user, number=number, services=given["services"], now=clock.now())

    done, status = _done(form, act)
    if done is not None:
        say(request, _("The services are on record; its tickets have them too."))
        return redirect("desk:escalation", number)
    return _dialog(request, "desk/room/services.html", escalation, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def details(request: DeskRequest, number: int) -> HttpResponse:
    """Its impact, and the desk's own fields of it (R16, R22)."""
    escalation = access_escalation(request.user, number)
    form = DetailsForm(request.POST if request.method == "POST" else None, escalation=escalation)

    def act(given: dict[str, Any]) -> object:
        said = {"impact": given["impact"], "fields": form.values}
        return describe(user=request.user, number=number, now=clock.now(), **said)

    done, status = _done(form, act)
    if done is not None:
        say(request, _("The details are on record."))
        return redirect("desk:escalation", number)
    return _dialog(request, "desk/room/details.html", escalation, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def relation(request: DeskRequest, number: int) -> HttpResponse:
    """To which other escalation or ticket it stands how (R19)."""
    escalation = access_escalation(request.user, number)
    form = RelationForm(request.POST if request.method == "POST" else None)

    def act(given: dict[str, Any]) -> object:
        return link(user=request.user, number=number, now=clock.now(), **given)

    done, status = _done(form, act)
    if isinstance(done, EscalationLink):
        say(request, _("It is linked, and shown on both sides."))
        return redirect("desk:escalation", number)
    return _dialog(request, "desk/room/link.html", escalation, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def problem(request: DeskRequest, number: int) -> HttpResponse:
    """A problem record for what is behind it."""
    escalation = access_escalation(request.user, number)
    people = [(person.email, person.name) for person in colleagues()]
    form = ProblemForm(
        request.POST if request.method == "POST" else None, people=people, initial={"subject": escalation.summary[:200]}
    )

    def act(given: dict[str, Any]) -> object:
        return open_problem(user=request.user, number=number, now=clock.now(), **given)

    done, status = _done(form, act)
    if isinstance(done, Ticket):
        say(request, _("The problem is #%(number)d.") % {"number": done.number})
        return redirect("desk:escalation", number)
    return _dialog(request, "desk/room/problem.html", escalation, form, status)


@require_safe
@desk_page  # type: ignore[arg-type] # a stream is an answer, too
def contacts(request: DeskRequest, number: int) -> HttpResponseBase:
    """Everybody whom it harms, as a table for a spreadsheet (R21)."""
    escalation = access_escalation(request.user, number)
    name = f"{escalation.reference}-contacts-{timezone.localtime(clock.now()):%Y-%m-%d-%H%M}.csv"
    parts = csv_parts(contact_rows(escalation))
    return StreamingHttpResponse(
        sent(parts, timezone.get_current_timezone_name(), get_language() or ""),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Cache-Control": "private, no-store",
        },
    )


def _done(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> tuple[object, int]:
    """What came of it, or None and the status with which the form is shown again."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, BAD_INPUT
    try:
        return act(form.cleaned_data), 200
    except DomainError as error:
        blame(form, error)
        return None, CONFLICT if isinstance(error, NotAllowedNow) else status_of(error)


def _dialog(request: DeskRequest, template: str, escalation: Escalation, form: forms.Form, status: int) -> HttpResponse:
    return show(request, template, {"escalation": escalation, "form": form}, status=status)
