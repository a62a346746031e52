"""Relations between tickets, splitting one, and the incidents of a problem."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, blaming, desk_page, say, show
from desk.forms.handling import IncidentsForm, LinkForm, SplitForm
from desk.looks.inbox.finder import candidates
from desk.looks.inbox.neighbours import again, kept, onward
from desk.looks.ticket.links import relation_choices
from tickets import problems, services
from tickets.enums import Kind
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

BACK = "back:"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def link(request: DeskRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = LinkForm(request.POST or None, near=ticket, relations=relation_choices(Kind(ticket.kind)))
    if form.is_bound and form.is_valid():
        relation, other = form.cleaned_data["relation"], form.cleaned_data["other"]
        try:
            made = services.link(
                user=request.user,
                number=number,
                other=other,
                relation=relation.removeprefix(BACK),
                back=relation.startswith(BACK),
                now=clock.now(),
            )
        except NotFound:
            form.add_error("other", _("There is no ticket of this number that you may see."))
        except DomainError as error:
            blame(form, error)
        else:
            undo = reverse("desk:unlink", args=[made.pk])
            say(request, _("Linked to #%(number)d.") % {"number": other}, undo=undo)
            return redirect(again(request, number))
    offered = candidates(request.user, form.words, near=ticket) if form.words else []
    context = {"ticket": ticket, "form": form, "offered": offered, "chosen": form["pick"].value()}
    context["kept"] = kept(request, number)
    return show(request, "desk/ticket/link.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def unlink(request: DeskRequest, pk: int) -> HttpResponse:
    told = services.unlink(user=request.user, link=pk, now=clock.now(), here=whole(request.POST.get("here", "")))
    here, other = told.ticket_id, told.data["number"]
    said = _("#%(one)d and #%(other)d are no longer linked.") % {"one": here, "other": other}
    say(request, said, undo=reverse("desk:relink", args=[told.pk]))
    return redirect(again(request, here))


@require_POST
@desk_page
def relink(request: DeskRequest, pk: int) -> HttpResponse:
    """What the cross took away stands there again; where that cannot be, the reason does."""
    try:
        told = services.relink(user=request.user, removal=pk, now=clock.now())
    except NotAllowedNow as error:
        return show(request, "desk/ticket/refused.html", {"refused": str(error)}, status=CONFLICT)
    say(request, _("Linked to #%(number)d again.") % {"number": told.data["number"]})
    return redirect(again(request, told.ticket_id))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def split(request: DeskRequest, number: int) -> HttpResponse:
    """Which message, and what the new ticket is about."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = SplitForm(request.POST or None, initial={"message": request.GET.get("message", "")})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            made = services.split(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("#%(number)d is a ticket of its own.") % {"number": made.number})
            return redirect(onward(request, number, made.number))
    messages = list(ticket.messages.public().select_related("author").order_by("-created_at", "-pk")[:50])
    chosen = str(form["message"].value() or "")
    context = {"ticket": ticket, "form": form, "messages_there": messages, "chosen": chosen}
    context["is_only"] = not form.is_bound and len(messages) < 2
    context["kept"] = kept(request, number)
    return show(request, "desk/ticket/split.html", context, status=status if status > 200 or not form.is_bound else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def incidents(request: DeskRequest, number: int) -> HttpResponse:
    """One answer for the customers of a problem; what was refused is listed, the rest is done."""
    problem = access_ticket(request.user, number, can=May.WORK)
    waiting = problems.incidents_of(problem, request.user).active()
    form = IncidentsForm(request.POST or None, waiting=waiting)
    outcomes: list[problems.Outcome] = []
    if form.is_bound and form.is_valid():
        with blaming(form, DomainError):
            outcomes = services.answer_and_solve(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
            return _told(request, problem, outcomes)
    context = {"ticket": problem, "form": form, "waiting": waiting, "placeholders": list(problems.PLACEHOLDERS)}
    return show(request, "desk/ticket/incidents.html", context, status=BAD_INPUT if form.is_bound else 200)


def _told(request: DeskRequest, problem: Ticket, outcomes: list[problems.Outcome]) -> HttpResponse:
    refused = [outcome for outcome in outcomes if outcome.refused]
    done = len(outcomes) - len(refused)
    if not refused:
        said = ngettext("%(n)d incident is answered and solved.", "%(n)d incidents are answered and solved.", done)
        say(request, said % {"n": done})
        return redirect(again(request, problem.number))
    return show(request, "desk/ticket/incidents_done.html", {"ticket": problem, "refused": refused, "done": done})
