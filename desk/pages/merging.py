"""Putting a ticket into another, and taking the two apart again."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.handling import MergeForm
from desk.looks.inbox.finder import candidates
from desk.looks.inbox.neighbours import kept, onward
from tickets import services
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

# More would push what will happen out of the dialog; all of them are found by their words.
LIKELY = 5


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def merge(request: DeskRequest, number: int) -> HttpResponse:
    """Which ticket stays, and what will happen; a refusal says what is in the way."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = MergeForm(request.POST or None, near=ticket)
    if request.method != "POST":
        return _form(request, ticket, form)
    if not form.is_valid():
        return _form(request, ticket, form, BAD_INPUT)
    try:
        made = services.merge(user=request.user, source=number, target=form.cleaned_data["target"], now=clock.now())
    except NotFound:
        form.add_error("target", _("There is no ticket of this number that you may see."))
        return _form(request, ticket, form, BAD_INPUT)
    except DomainError as error:
        blame(form, error)
        return _form(request, ticket, form, CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT)
    said = _("#%(source)d is part of #%(target)d now.") % {"source": number, "target": made.target_id}
    say(request, said, undo=reverse("desk:unmerge", args=[made.pk]))
    return redirect(onward(request, number, made.target_id))


@require_POST
@desk_page
def unmerge(request: DeskRequest, pk: int) -> HttpResponse:
    """Back to the ticket that was taken out; where that cannot be done, the reason stands there."""
    try:
        made = services.unmerge(user=request.user, merge=pk, now=clock.now())
    except NotAllowedNow as error:
        return show(request, "desk/ticket/refused.html", {"refused": str(error)}, status=CONFLICT)
    say(request, _("#%(number)d stands alone again.") % {"number": made.source_id})
    return redirect(onward(request, made.target_id, made.source_id))


def _form(request: DeskRequest, ticket: Ticket, form: MergeForm, status: int = 200) -> HttpResponse:
    """With tickets to choose from: what has the words that were typed, or the customer's likely ones."""
    found = candidates(request.user, form.words, near=ticket)
    offered = found if form.words else found[:LIKELY]
    context = {"ticket": ticket, "form": form, "offered": offered, "chosen": form["pick"].value()}
    context["kept"] = kept(request, ticket.number)
    return show(request, "desk/ticket/merge.html", context, status=status)
