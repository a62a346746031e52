"""The register of reviews, and what was decided in them and in analyses: mine, everybody's, done (R92)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound, Refused
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, safe_next, say, show
from desk.forms.resolving import people_of
from desk.forms.reviews import TickForm, TrackedForm
from desk.looks.escalations.reviews import ACTION_LOOKS, REVIEW_LOOKS, actions, reviews
from escalation.models import TrackedAction
from escalation.permissions import actions_for, tracks
from escalation.services import reviewing as services


@require_safe
@desk_page
def review_list(request: DeskRequest) -> HttpResponse:
    now, look = clock.now(), request.GET.get("look", "")
    look = look if look in REVIEW_LOOKS else ""
    page, lines = reviews(request.user, look, request.GET.get("page"), now)
    looks = [(f"?look={name}" if name else "?", words, name == look) for name, words in REVIEW_LOOKS.items()]
    return show(
        request, "desk/reviews/list.html", {"page": page, "lines": lines, "look": look, "looks": looks, "now": now}
    )


@require_safe
@desk_page
def action_list(request: DeskRequest) -> HttpResponse:
    now, look = clock.now(), request.GET.get("look", "")
    look = look if look in ACTION_LOOKS else ""
    page, lines = actions(request.user, look, request.GET.get("page"), now)
    looks = [(f"?look={name}" if name else "?", words, name == look) for name, words in ACTION_LOOKS.items()]
    here = request.get_full_path()
    context = {"page": page, "lines": lines, "look": look, "looks": looks, "here": here, "now": now}
    return show(request, "desk/reviews/actions.html", context)


@require_POST
@desk_page
def tick(request: DeskRequest, pk: int) -> HttpResponse:
    """Done, or not after all: `done` says which, so that a second press of an old page changes nothing."""
    form = TickForm(request.POST)
    form.is_valid()
    kept = services.finish_action(user=request.user, pk=pk, done=form.cleaned_data["done"], now=clock.now())
    words = _("“%(title)s” is done.") if kept.done_at else _("“%(title)s” is to be done again.")
    say(request, words % {"title": kept.title})
    return redirect(safe_next(request, reverse("desk:tracked")))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """Whose it is, and until when."""
    action = _access(request, pk)
    known = {"owner": action.owner.email if action.owner else "", "due_at": action.due_at}
    data = request.POST if request.method == "POST" else None
    form = TrackedForm(data, initial=known, people=people_of(action.escalation))
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.change_action(user=request.user, pk=pk, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("“%(title)s” is changed.") % {"title": action.title})
            return redirect("desk:tracked")
    return show(request, "desk/reviews/change.html", {"action": action, "form": form}, status=status)


def _access(request: DeskRequest, pk: int) -> TrackedAction:
    action = actions_for(request.user).filter(pk=pk).first()
    if action is None:
        raise NotFound
    if not tracks(request.user, action):
        raise Refused
    return action
