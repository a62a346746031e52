"""The desk's lists, all by the same pages: what there is, and one of them. Which lists: `desk.forms.catalogue`."""

from typing import Any

from django.db import models, transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.configuring import changes_of, check_unchanged, configure
from common.configuring import remove as take_away
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show_settings
from desk.forms.catalogue import KINDS, Kind
from desk.forms.row_form import RowForm
from desk.looks.settings.row_versions import changed_since, last_change, versions_of
from desk.looks.ticket.macros import is_prefilled, suggestions
from desk.returns import return_to
from people.models import User
from people.teams import answers_for_some, edited_by


def _may(request: DeskRequest, name: str) -> Kind:
    """Rules of escalation are for whoever sets them (R30), the rest for administrators; some for a team's lead too."""
    kind = KINDS[name]
    if kind.by_rules:
        may = request.user.sets_rules
    else:
        may = request.user.is_admin or (kind.by_leads is not None and answers_for_some(request.user))
    if not may:
        raise NotFound
    return kind


@require_safe
@desk_page
def listed(request: DeskRequest, name: str) -> HttpResponse:
    kind = _may(request, name)
    return _list(request, name, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: DeskRequest, name: str) -> HttpResponse:
    return _form(request, name, _may(request, name), None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def one(request: DeskRequest, name: str, pk: int) -> HttpResponse:
    kind = _may(request, name)
    return _form(request, name, kind, _row(request, kind, pk))


@require_POST
@desk_page
def switch(request: DeskRequest, name: str, pk: int) -> HttpResponse:
    """Retired or in use again; what has no such state is removed, if nothing has it.

    `on` says which, so that a second press of an old page changes nothing.
    """
    kind = _may(request, name)
    row = _row(request, kind, pk)
    try:
        if kind.switch:
            on = request.POST.get("on") == "1"
            configure(row, by=request.user, **{kind.switch: on})
            words = _("“%(name)s” is in use again.") if on else _("“%(name)s” is retired; what has it keeps it.")
        else:
            _remove(kind, row, request)
            words = _("“%(name)s” is gone.")
    except (NotAllowedNow, InvalidInput) as error:
        return _list(request, name, kind, wrong=str(error), status=CONFLICT)
    say(request, words % {"name": row})
    return redirect(f"desk:{name}")


@require_POST
@desk_page
def take_back(request: DeskRequest, name: str, pk: int) -> HttpResponse:
    """As it was before a change or after it, which `to` names; by whoever sets the whole list."""
    kind = _may(request, name)
    row = _row(request, kind, pk)
    if _is_led(request, kind):
        raise NotFound
    side, _dash, key = request.POST.get("to", "").partition("-")
    change = changes_of(row).filter(pk=whole(key) or 0).first()
    if change is None:
        raise NotFound
    try:
        return_to(change, side=side, by=request.user)
    except (NotAllowedNow, InvalidInput) as error:
        return _form(request, name, kind, row, wrong=error)
    say(request, _("“%(name)s” is as it was; that is a change of its own.") % {"name": row})
    return redirect(f"desk:{name}_one", pk)


def _remove(kind: Kind, row: models.Model, request: DeskRequest) -> None:
    if kind.used(row):
        raise NotAllowedNow(_("“%(name)s” is in use and cannot be taken away.") % {"name": row})
    take_away(row, by=request.user)


def _list(request: DeskRequest, name: str, kind: Kind, *, wrong: str = "", status: int = 200) -> HttpResponse:
    lines = [
        (row, [part for part in kind.lines(row) if part], not kind.switch or getattr(row, kind.switch))
        for row in _rows(request, kind)
    ]
    context = {
        "kind": kind,
        "name": name,
        "lines": lines,
        "wrong": wrong,
        "suggested": suggestions(clock.now()) if kind.is_suggested else (),
    }
    return show_settings(request, "desk/settings/catalogue.html", context, status=status)


def _form(
    request: DeskRequest, name: str, kind: Kind, row: models.Model | None, *, wrong: DomainError | None = None
) -> HttpResponse:
    """Saving is refused where somebody else has changed it meanwhile: what he changed is shown, the text is kept."""
    given = request.POST if request.method == "POST" and wrong is None else _begun(request, kind)
    form = kind.form_for(given, row, by=request.user)
    context: dict[str, Any] = {"form": form, "kind": kind, "name": name, "row": row, "title": str(row or "")}
    context |= {"seen": _seen(request, row), "wrong": wrong}
    status = BAD_INPUT if form.is_bound else CONFLICT if wrong else 200
    if form.is_bound and form.is_valid():
        try:
            kept = _keep(kind, row, form, by=request.user, seen=context["seen"])
        except InvalidInput as error:
            blame(form, error)
        except NotAllowedNow as error:
            status = CONFLICT
            context |= {"conflict": str(error), "meanwhile": changed_since(row, context["seen"]) if row else ()}
            context["seen"] = last_change(row) if row else 0
        else:
            say(request, _("“%(name)s” is saved.") % {"name": kept})
            return redirect(f"desk:{name}")
    context["versions"] = versions_of(row) if row is not None and not _is_led(request, kind) else ()
    return show_settings(request, "desk/settings/entry.html", context, status=status)


@transaction.atomic
def _keep(kind: Kind, row: models.Model | None, form: RowForm, *, by: User, seen: int) -> models.Model:
    if row is None:
        return configure(kind.model(), by=by, **form.terms)
    check_unchanged(row, seen=seen)
    return configure(row, by=by, **form.terms)


def _seen(request: DeskRequest, row: models.Model | None) -> int:
    """The newest change that its reader knows: what the form brings along, and of a new page what is newest now."""
    given = whole(request.POST.get("seen", ""))
    if given is not None:
        return given
    return last_change(row) if row is not None else 0


def _begun(request: DeskRequest, kind: Kind) -> QueryDict | None:
    """What a suggestion fills a new one in with."""
    return request.GET if kind.is_suggested and is_prefilled(request.GET) else None


def _is_led(request: DeskRequest, kind: Kind) -> bool:
    """Whether its reader sets the lines of his own teams alone."""
    return kind.by_leads is not None and not request.user.is_admin


def _rows(request: DeskRequest, kind: Kind) -> models.QuerySet[Any]:
    rows = kind.rows()
    return rows.filter(team__in=edited_by(request.user)) if _is_led(request, kind) else rows


def _row(request: DeskRequest, kind: Kind, pk: int) -> models.Model:
    found: models.Model | None = _rows(request, kind).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
