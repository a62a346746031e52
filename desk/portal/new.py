"""A new request."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from desk.answers import BAD_INPUT, blame, blame_both, show
from desk.forms.fields import CustomersFieldsForm
from desk.portal.forms import RequestForm
from desk.portal.guard import CustomerRequest, customer_page
from tickets import services


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def new_request(request: CustomerRequest) -> HttpResponse:
    """The form; wrong input gives it back with every word that was typed."""
    if request.method != "POST":
        return _form(request, RequestForm(), CustomersFieldsForm())
    form, own = RequestForm(request.POST, request.FILES), CustomersFieldsForm(request.POST)
    if not (form.is_valid() and own.is_valid()):
        return _form(request, form, own)
    try:
        ticket = services.ask(user=request.user, fields=own.values, **form.cleaned_data, now=clock.now())
    except InvalidInput as error:
        blame_both(form, own, error)
        return _form(request, form, own)
    except NotAllowedNow as error:
        blame(form, error)
        return _form(request, form, own)
    messages.success(request, _("We have it. This page shows when you hear from us."))
    return redirect("portal:request", ticket.number)


def _form(request: CustomerRequest, form: RequestForm, own: CustomersFieldsForm) -> HttpResponse:
    context = {"form": form, "own": own, "portal_active": "new"}
    return show(request, "portal/new.html", context, status=BAD_INPUT if form.is_bound else 200)
