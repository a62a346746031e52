"""The desk's lists, all by the same pages: what there is, and one of them. Which lists: `desk.forms.catalogue`."""

from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.configuring import configure
from common.configuring import remove as take_away
from common.errors import InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show_settings
from desk.forms.catalogue import KINDS, Kind
from desk.looks.macros import is_prefilled, suggestions


def _may(request: DeskRequest, name: str) -> Kind:
    """Rules of escalation are for whoever sets them (R30), the rest for administrators."""
    kind = KINDS[name]
    if not (request.user.sets_rules if kind.by_rules else request.user.is_admin):
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
    return _form(request, name, kind, _row(kind, pk))


@require_POST
@desk_page
def switch(request: DeskRequest, name: str, pk: int) -> HttpResponse:
    """Retired or in use again; what has no such state is removed, if nothing has it.

    `on` says which, so that a second press of an old page changes nothing.
    """
    kind = _may(request, name)
    row = _row(kind, pk)
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


def _remove(kind: Kind, row: models.Model, request: DeskRequest) -> None:
    if kind.used(row):
        raise NotAllowedNow(_("“%(name)s” is in use and cannot be taken away.") % {"name": row})
    take_away(row, by=request.user)


def _list(request: DeskRequest, name: str, kind: Kind, *, wrong: str = "", status: int = 200) -> HttpResponse:
    lines = [
        (row, [part for part in kind.lines(row) if part], not kind.switch or getattr(row, kind.switch))
        for row in kind.rows()
    ]
    context = {
        "kind": kind,
        "name": name,
        "lines": lines,
        "wrong": wrong,
        "suggested": suggestions(clock.now()) if kind.is_suggested else (),
    }
    return show_settings(request, "desk/settings/catalogue.html", context, status=status)


def _form(request: DeskRequest, name: str, kind: Kind, row: models.Model | None) -> HttpResponse:
    form = kind.form_for(request.POST if request.method == "POST" else _begun(request, kind), row)
    title = str(row) if row is not None else ""
    if form.is_bound and form.is_valid():
        try:
            kept = configure(row if row is not None else kind.model(), by=request.user, **form.terms)
        except InvalidInput as error:
            blame(form, error)
        else:
            say(request, _("“%(name)s” is saved.") % {"name": kept})
            return redirect(f"desk:{name}")
    context = {"form": form, "kind": kind, "name": name, "row": row, "title": title}
    return show_settings(request, "desk/settings/entry.html", context, status=BAD_INPUT if form.is_bound else 200)


def _begun(request: DeskRequest, kind: Kind) -> QueryDict | None:
    """What a suggestion fills a new one in with."""
    return request.GET if kind.is_suggested and is_prefilled(request.GET) else None


def _row(kind: Kind, pk: int) -> models.Model:
    found: models.Model | None = kind.rows().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
