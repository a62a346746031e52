"""A ticket that an agent opens for a caller."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blame_both, desk_page, show
from desk.forms.fields import CallersFieldsForm
from desk.forms.ticket import NewTicketForm
from desk.looks.customers.callers import callers
from tickets import services


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_ticket(request: DeskRequest) -> HttpResponse:
    known = {name: request.GET.get(name, "")[:254] for name in ("name", "email")}
    form = NewTicketForm(request.POST or None, request.FILES or None, initial=known)
    # From a customer's page one knows who calls.
    form.fields["subject" if known["email"] else "name"].widget.attrs["autofocus"] = not form.is_bound
    own = CallersFieldsForm(request.POST if form.is_bound else None)
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
    look = callers(request.user, _typed(form, "name"), _typed(form, "email"))
    context = {"form": form, "own": own, "look": look}
    return show(request, "desk/new_ticket.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_safe
@desk_page
def who_calls(request: DeskRequest) -> HttpResponse:
    """What is known of a caller by what is typed so far; asked while somebody types."""
    given = [request.GET.get(name, "").strip()[:254] for name in ("name", "email")]
    return show(request, "desk/callers.html", {"look": callers(request.user, *given)})


def _typed(form: NewTicketForm, name: str) -> str:
    return str(form[name].value() or "").strip()[:254]
