"""Saved views: made from the search at hand, changed, deleted; and their lines for the rail, with figures."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, say, show
from desk.forms.views import ALL, ME, SavedViewForm
from desk.looks.inbox.inbox import Asked
from desk.looks.inbox.saved_views import arrangement, saved_lines
from tickets.arranging import arranged, hide_view, move_view
from tickets.models import SavedView
from tickets.saved import access_view, delete_view, save_view


@require_safe
@desk_page
def lines(request: DeskRequest) -> HttpResponse:
    """Fetched after the page, so that no page waits for a search that somebody has saved."""
    order = arranged(request.user)
    context = {"lines": saved_lines(request.user, order, clock.now()), "has_views": bool(order)}
    return show(request, "desk/views/lines.html", context)


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


@require_safe
@desk_page
def arrange(request: DeskRequest) -> HttpResponse:
    """All of them, to be put in order; the focus stays on the button that was pressed."""
    lines = arrangement(request.user, arranged(request.user))
    context = {
        "shown": [line for line in lines if not line.is_hidden],
        "hidden": [line for line in lines if line.is_hidden],
        "moved": whole(request.GET.get("moved", "")),
        "to": request.GET.get("to", ""),
    }
    return show(request, "desk/views/arrange.html", context)


@require_POST
@desk_page
def move(request: DeskRequest, pk: int) -> HttpResponse:
    to = "up" if request.POST.get("to") == "up" else "down"
    move_view(user=request.user, pk=pk, up=to == "up")
    return redirect(reverse("desk:views_arrange") + f"?moved={pk}&to={to}")


@require_POST
@desk_page
def hide(request: DeskRequest, pk: int) -> HttpResponse:
    """`on` says which, so that a second press of an old page changes nothing."""
    hidden = request.POST.get("on") == "1"
    view = hide_view(user=request.user, pk=pk, hidden=hidden)
    words = _("“%(name)s” is out of your rail.") if hidden else _("“%(name)s” is in your rail again.")
    say(request, words % {"name": view.name})
    return redirect(reverse("desk:views_arrange") + f"?moved={pk}&to=hide")


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
