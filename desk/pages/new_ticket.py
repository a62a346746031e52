"""A ticket that an agent opens for a caller."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blame_both, desk_page, show
from desk.forms.fields import FieldsForm
from desk.forms.ticket import NewTicketForm
from tickets import services


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_ticket(request: DeskRequest) -> HttpResponse:
    form = NewTicketForm(request.POST or None, request.FILES or None)
    own = FieldsForm(request.POST if form.is_bound else None)
    if form.is_bound and form.is_valid() and own.is_valid():
        try:
            ticket = services.open_for_caller(
                user=request.user, now=clock.now(), fields=own.values, **form.cleaned_data
            )
        except InvalidInput as error:
            blame_both(form, own, error)
        else:
            messages.success(request, _("#%(number)d is opened.") % {"number": ticket.number})
            return redirect("desk:ticket", ticket.number)
    return show(request, "desk/new_ticket.html", {"form": form, "own": own}, status=BAD_INPUT if form.is_bound else 200)
