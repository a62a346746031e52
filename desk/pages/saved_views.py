"""Saved views: made from the search at hand, changed, deleted; and their lines for the rail, with figures."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, say, show
from desk.forms.views import ALL, ME, SavedViewForm
from desk.looks.inbox.inbox import Asked
from desk.looks.inbox.saved_views import saved_lines
from tickets.models import SavedView
from tickets.saved import access_view, delete_view, save_view


@require_safe
@desk_page
def lines(request: DeskRequest) -> HttpResponse:
    """Fetched after the page, so that no page waits for a search that somebody has saved."""
    return show(request, "desk/views/lines.html", {"lines": saved_lines(request.user, clock.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_view(request: DeskRequest) -> HttpResponse:
    asked = Asked.from_query(request.GET, request.user)
    team = f"team:{asked.team}" if asked.team else ""
    initial = {"query": " ".join(filter(None, [team, asked.q])), "base": asked.view, "order": asked.order}
    form = SavedViewForm(request.POST or None, user=request.user, initial={**initial, "columns": asked.columns})
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def change_view(request: DeskRequest, pk: int) -> HttpResponse:
    view = access_view(request.user, pk, to_change=True)
    initial = {
        "name": view.name,
        "query": view.query,
        "base": view.base,
        "order": view.order,
        "columns": view.columns,
        "audience": ALL if view.is_shared else view.team.slug if view.team else ME,
    }
    return _form(request, SavedViewForm(request.POST or None, user=request.user, initial=initial), view)


@require_POST
@desk_page
def remove_view(request: DeskRequest, pk: int) -> HttpResponse:
    delete_view(user=request.user, pk=pk)
    say(request, _("The view is deleted."))
    return redirect("desk:inbox")


def _form(request: DeskRequest, form: SavedViewForm, view: SavedView | None) -> HttpResponse:
    """The form, until what is in it can be saved."""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        audience = given.pop("audience")
        try:
            saved = save_view(
                user=request.user, view=view, team=form.teams.get(audience), for_all=audience == ALL, **given
            )
        except DomainError as error:
            blame(form, InvalidInput.of("query", str(error)) if "q" in getattr(error, "errors", {}) else error)
        else:
            say(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
            return redirect(Asked(saved=saved, view=saved.base, order=saved.order, q=saved.query).address())
    status = BAD_INPUT if form.is_bound else 200
    return show(request, "desk/views/form.html", {"form": form, "view": view}, status=status)
