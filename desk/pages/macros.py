"""Macros on a ticket: one is chosen and applied, and what one has just done becomes one (R69)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, NotAllowedNow
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blaming, desk_page, say, show
from desk.forms.macros import SaveMacroForm
from desk.looks.inbox.neighbours import again
from desk.looks.ticket.macros import choices_for
from tickets import macro_history, macros
from tickets.models import Ticket
from tickets.permissions import May, access_ticket
from tickets.routing.existing import known_to_macros
from tickets.routing.grammar import in_words


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def apply_macro(request: DeskRequest, number: int) -> HttpResponse:
    """Each with what it will do, line by line; a refusal says which step is in the way, and nothing was done."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    if request.method != "POST":
        return _choose(request, ticket)
    pk, seen = _number(request.POST.get("macro", "")), _number(request.POST.get("seen", ""))
    if not pk:
        return _choose(request, ticket, _("Choose a macro first."), BAD_INPUT)
    try:
        done = macros.apply(user=request.user, number=number, macro=pk, now=clock.now(), seen=seen)
    except NotAllowedNow as error:
        return _choose(request, ticket, str(error), CONFLICT, chosen=pk)
    say(request, _("“%(name)s” was applied.") % {"name": done.name})
    return redirect(again(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def save_macro(request: DeskRequest, number: int) -> HttpResponse:
    """What one has done to this ticket last, to be done again under a name."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    done = macro_history.just_done(ticket, request.user)
    words = in_words(done, known_to_macros())
    form = SaveMacroForm(
        request.POST or None,
        user=request.user,
        steps=words,
        initial={"name": ", ".join(words)[:80], "team": ticket.team.slug if ticket.team else ""},
    )
    if form.is_bound and form.is_valid():
        chosen = {int(at) for at in form.cleaned_data["steps"]}
        team = form.cleaned_data["team"]
        with blaming(form, DomainError):
            made = macros.save(
                user=request.user,
                name=form.cleaned_data["name"],
                team_slug=team.slug if team else "",
                given=[one.as_json() for at, one in enumerate(done) if at in chosen],
            )
            say(request, _("“%(name)s” is a macro now.") % {"name": made.name})
            return redirect(again(request, number))
    context = {"ticket": ticket, "form": form, "words": words}
    return show(request, "desk/ticket/macro_new.html", context, status=BAD_INPUT if form.is_bound else 200)


def _choose(
    request: DeskRequest, ticket: Ticket, wrong: str = "", status: int = 200, *, chosen: int = 0
) -> HttpResponse:
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    context = {"ticket": ticket, "choices": choices_for(ticket), "wrong": wrong, "chosen": chosen, "newest": newest}
    return show(request, "desk/ticket/macros.html", context, status=status)


def _number(given: str) -> int:
    """0 for what is none."""
    return whole(given) or 0
