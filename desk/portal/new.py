"""A new request, and the articles that may spare it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from desk.answers import BAD_INPUT, blame, blame_both, show
from desk.forms.fields import PREFIX, CustomersFieldsForm
from desk.portal.forms import RequestForm
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.typed import take
from knowledge import services as knowledge
from knowledge.finding import suggest
from knowledge.snippets import snippet
from tickets import services

MOST_ANSWERS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def new_request(request: CustomerRequest) -> HttpResponse:
    """The form; wrong input gives it back with every word that was typed."""
    if request.method != "POST":
        return _as_typed(request, take(request, request.user))
    if "look" in request.POST:
        return _looked_up(request)
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


@require_safe
@customer_page
def answers(request: CustomerRequest) -> HttpResponse:
    """What may answer a subject as it is being typed: a fragment."""
    return show(request, "portal/answers.html", _found(request, request.GET.get("subject", "")))


def _looked_up(request: CustomerRequest) -> HttpResponse:
    """Without a script: the form as it was typed, with what may answer it. Nothing is checked yet."""
    found = _found(request, request.POST.get("subject", ""))
    return _as_typed(request, {name: request.POST[name] for name in request.POST}, looked_up=True, **found)


def _as_typed(request: CustomerRequest, typed: dict[str, str], **found: Any) -> HttpResponse:
    own = CustomersFieldsForm(values={name.removeprefix(PREFIX): value for name, value in typed.items()})
    return _form(request, RequestForm(initial=typed), own, **found)


def _found(request: CustomerRequest, subject: str) -> dict[str, Any]:
    language = get_language() or ""
    found = suggest(knowledge.outside(request.user, language).select_related("current"), subject, most=MOST_ANSWERS)
    return {"answers": [(one, snippet(one.current.body, subject)) for one in found if one.current]}


def _form(request: CustomerRequest, form: RequestForm, own: CustomersFieldsForm, **found: Any) -> HttpResponse:
    context = {"form": form, "own": own, "portal_active": "new", **found}
    return show(request, "portal/new.html", context, status=BAD_INPUT if form.is_bound else 200)
