"""What is written with third parties about a ticket, and messages that are sent on to them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, nothing_here, say, show
from desk.forms.mail import ForwardForm, SideAnswerForm, SideForm
from desk.looks.ticket.sides import side_look
from desk.pages.attachments import as_file
from mailroom import correspondence
from tickets.permissions import May, access_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_side(request: DeskRequest, number: int) -> HttpResponse:
    """The first letter to a third party; the page says that the customer sees nothing of it."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = SideForm(request.POST or None, request.FILES or None, initial={"subject": ticket.subject})
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        uploads = given.pop("attachments")
        try:
            side = correspondence.open_side(user=request.user, number=number, uploads=uploads, now=clock.now(), **given)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("Sent to %(name)s.") % {"name": side.who})
            return redirect("desk:side", side.pk)
    return show(request, "desk/ticket/side_new.html", {"ticket": ticket, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def side(request: DeskRequest, pk: int) -> HttpResponse:
    """One side conversation, and the next letter of it."""
    found = correspondence.access_side(request.user, pk)
    form = SideAnswerForm(request.POST or None, request.FILES or None)
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        body, uploads = form.cleaned_data["body"], form.cleaned_data["attachments"]
        try:
            correspondence.say_on_side(user=request.user, pk=pk, body=body, uploads=uploads, now=clock.now())
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("Sent to %(name)s.") % {"name": found.who})
            return redirect("desk:side", pk)
    context = {"ticket": found.ticket, "side": found, "letters": side_look(found), "form": form}
    return show(request, "desk/ticket/side_one.html", context, status=status)


@require_safe
@desk_page
def side_file(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        return as_file(correspondence.access_side_file(request.user, pk), inline=False)
    except (NotFound, FileNotFoundError):
        return nothing_here(request)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def forward(request: DeskRequest, pk: int) -> HttpResponse:
    """What is included stands on the page, word for word, before anything is sent."""
    message = correspondence.forwardable(request.user, pk)
    files = list(message.attachments.order_by("pk"))
    begin = {"subject": _("Fwd: %(subject)s") % {"subject": message.ticket.subject}}
    form = ForwardForm(request.POST or None, files=files, initial=begin)
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = correspondence.forward(user=request.user, message=pk, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("Forwarded to %(address)s.") % {"address": made.address})
            return redirect("desk:side", made.pk)
    context = {"ticket": message.ticket, "form": form, "going": correspondence.forwarded_text(message), "pk": pk}
    return show(request, "desk/ticket/forward.html", context, status=status)
