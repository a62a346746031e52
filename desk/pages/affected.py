"""The customers whom an escalation harms: looked through, added in three ways, taken off, and their access settled."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show, status_of
from desk.forms.affected import AccessForm, AddForm, LeaveOutForm, ListForm, SearchForm, TakeBackForm, WaiveForm
from desk.looks.escalations.affected import ONLY, found_by_name, houses, on_page, preview
from escalation.initiate.affected import Report
from escalation.models import Escalation
from escalation.parties.roll import decoded
from escalation.permissions import access_escalation
from escalation.services import affected as services
from people.models import User

QUERY_LIMIT = 100
PAGE = "desk/room/customers.html"
# Their forms stand in the lines, what was wrong with them above.
REFUSED_ON_TOP = frozenset({"remove", "confirm", "waive", "take_back", "leave_out"})


class Deed(NamedTuple):
    """`act` gets the user, the number, the cleaned form and the instant; a Report comes of what adds."""

    form: Callable[[DeskRequest], forms.Form]
    act: Callable[[User, int, dict[str, Any], datetime], Any]


def _listed(user: User, number: int, given: dict[str, Any], now: datetime) -> Report:
    file = given.get("file")
    text = f"{decoded(file.read())}\n" if file else ""
    return services.add_customers_from(
        user=user, number=number, text=text + given["text"], now=now, field="file" if file else "text"
    )


def _found(user: User, number: int, given: dict[str, Any], now: datetime) -> Report:
    view = given["view"].pk if given["view"] else None
    return services.add_customers_found(user=user, number=number, search=given["search"], view=view, now=now)


DEEDS = {
    "add": Deed(
        lambda request: AddForm(request.POST),
        lambda user, number, given, now: services.add_customers(
            user=user, number=number, emails=[given["emails"]], now=now
        ),
    ),
    "list": Deed(lambda request: ListForm(request.POST, request.FILES), _listed),
    "search": Deed(lambda request: SearchForm(request.POST, user=request.user), _found),
    "remove": Deed(
        lambda request: AddForm(request.POST),
        lambda user, number, given, now: services.remove_customer(
            user=user, number=number, email=given["emails"], now=now
        ),
    ),
    "confirm": Deed(
        lambda request: AccessForm(request.POST),
        lambda user, number, given, now: services.confirm_access(user=user, number=number, now=now, **given),
    ),
    "waive": Deed(
        lambda request: WaiveForm(request.POST),
        lambda user, number, given, now: services.confirm_access(user=user, number=number, now=now, **given),
    ),
    "leave_out": Deed(
        lambda request: LeaveOutForm(request.POST),
        lambda user, number, given, now: services.leave_out(
            user=user, number=number, email=given["emails"], reason=given["reason"], now=now
        ),
    ),
    "take_back": Deed(
        lambda request: TakeBackForm(request.POST),
        lambda user, number, given, now: services.take_back_access(
            user=user, number=number, email=given["emails"], reason=given["reason"], now=now
        ),
    ),
}


@require_safe
@desk_page
def customers(request: DeskRequest, number: int) -> HttpResponse:
    return _answer(request, access_escalation(request.user, number))


@require_POST
@desk_page
def change(request: DeskRequest, number: int, deed: str) -> HttpResponse:
    """One deed. What was typed stays where it is refused; a list that was taken only in part is reported at once."""
    escalation = access_escalation(request.user, number)
    form = DEEDS[deed].form(request)
    if not form.is_valid():
        return _answer(request, escalation, deed=deed, form=form, status=BAD_INPUT)
    try:
        done = DEEDS[deed].act(request.user, number, form.cleaned_data, clock.now())
    except DomainError as error:
        blame(form, error)
        status = CONFLICT if isinstance(error, NotAllowedNow) else status_of(error)
        return _answer(request, escalation, deed=deed, form=form, status=status)
    if isinstance(done, Report) and done.not_taken:
        return _answer(request, access_escalation(request.user, number), report=done)
    say(request, _said(deed, done))
    return redirect(_back(request, number))


def _answer(
    request: DeskRequest,
    escalation: Escalation,
    *,
    deed: str = "",
    form: forms.Form | None = None,
    report: Report | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    query = request.GET
    q = query.get("q", "").strip()[:QUERY_LIMIT]
    find = query.get("find", "").strip()[:QUERY_LIMIT]
    known = {"q": q, "only": query.get("only", "") if query.get("only", "") in ONLY else ""}
    look = on_page(escalation, request.user, now, q=q, only=known["only"], after=whole(query.get("after", "")))
    search = form if deed == "search" else SearchForm(query if "search" in query else None, user=request.user)
    context = {
        "escalation": escalation,
        "look": look,
        "houses": houses(escalation),
        "known": known,
        "find": find,
        "found": found_by_name(escalation, find),
        "adding": form if deed == "add" else AddForm(),
        "listing": form if deed == "list" else ListForm(initial={"text": _again(report)}),
        "search": search,
        "preview": _preview(request, escalation, search) if deed != "search" else None,
        "refused": form if deed in REFUSED_ON_TOP else None,
        "report": report,
        "next_url": f"?{urlencode({**known, 'after': look.after})}" if look.after else "",
    }
    return show(request, PAGE, context, status=status)


def _preview(request: DeskRequest, escalation: Escalation, form: Any) -> Any:
    """How many a search would add; what is wrong with it is said beside it."""
    if not form.is_bound or not form.is_valid():
        return None
    view = form.cleaned_data["view"]
    try:
        meant = services.tickets_meant(
            request.user, form.cleaned_data["search"], view.pk if view else None, clock.now()
        )
    except InvalidInput as error:
        form.add_error("search", str(error))
        return None
    return preview(escalation, meant)


def _said(deed: str, done: Any) -> str:
    if isinstance(done, Report):
        if not done.added:
            return _("Nobody new: all of them are on the list.")
        return ngettext("%(n)d customer is on the list now.", "%(n)d customers are on the list now.", done.added) % {
            "n": done.added
        }
    return str(_DONE[deed])


_DONE = {
    "remove": gettext_lazy("The customer is off the list."),
    "confirm": gettext_lazy("Access is confirmed."),
    "waive": gettext_lazy("It is on record why."),
    "leave_out": gettext_lazy("It is on record why."),
    "take_back": gettext_lazy("Access is unconfirmed again."),
}


def _again(report: Report | None) -> str:
    """The lines that were not taken, to be mended and handed in again."""
    return "\n".join(line.text for line in report.not_taken) if report else ""


def _back(request: DeskRequest, number: int) -> str:
    """The same page as narrowed before."""
    kept = {name: request.POST[name][:QUERY_LIMIT] for name in ("q", "only") if request.POST.get(name)}
    return reverse("desk:escalation_customers", args=[number]) + (f"?{urlencode(kept)}" if kept else "")
