"""A new request: what it is about, its form, and the articles that may spare it."""

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
from knowledge.finding import suggest, telling
from knowledge.snippets import snippet
from tickets import services
from tickets.models import RequestType

MOST_ANSWERS = 3
# In the address and in the form: the short name of a type; empty for what none of them fits.
TYPE = "type"


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def new_request(request: CustomerRequest) -> HttpResponse:
    """First which one, where the desk has types; then its form. Wrong input gives back every word that was typed."""
    types = list(RequestType.objects.in_use())
    if request.method != "POST":
        typed = take(request, request.user)
        if types and TYPE not in request.GET and not typed:
            return show(request, "portal/new_choose.html", {"types": types, "portal_active": "new"})
        return _as_typed(request, types, {TYPE: request.GET.get(TYPE, ""), **typed})
    if "look" in request.POST:
        return _looked_up(request, types)
    what = _of(types, request.POST)
    form, own = RequestForm(request.POST, request.FILES), CustomersFieldsForm(request.POST, what=what)
    if not (form.is_valid() and own.is_valid()):
        return _form(request, form, own, types, what)
    asked = {"request_type": request.POST.get(TYPE, ""), "fields": own.values, **form.cleaned_data}
    try:
        ticket = services.ask(user=request.user, **asked, now=clock.now())
    except InvalidInput as error:
        blame_both(form, own, error)
        return _form(request, form, own, types, what)
    except NotAllowedNow as error:
        blame(form, error)
        return _form(request, form, own, types, what)
    messages.success(request, _("We have it. This page shows when you hear from us."))
    return redirect("portal:request", ticket.number)


@require_safe
@customer_page
def answers(request: CustomerRequest) -> HttpResponse:
    """What may answer a subject as it is being typed: a fragment."""
    return show(request, "portal/answers.html", _found(request, request.GET.get("subject", "")))


def _of(types: list[RequestType], given: Any) -> RequestType | None:
    return next((one for one in types if one.slug == given.get(TYPE)), None)


def _looked_up(request: CustomerRequest, types: list[RequestType]) -> HttpResponse:
    """Without a script: the form as it was typed, with what may answer it. Nothing is checked yet."""
    found = _found(request, request.POST.get("subject", ""))
    return _as_typed(request, types, {name: request.POST[name] for name in request.POST}, looked_up=True, **found)


def _as_typed(request: CustomerRequest, types: list[RequestType], typed: dict[str, str], **found: Any) -> HttpResponse:
    what = _of(types, typed)
    values = {name.removeprefix(PREFIX): value for name, value in typed.items()}
    return _form(
        request, RequestForm(initial=typed), CustomersFieldsForm(values=values, what=what), types, what, **found
    )


def _found(request: CustomerRequest, subject: str) -> dict[str, Any]:
    known = knowledge.outside(request.user, get_language() or "").select_related("current")
    found = suggest(known, subject, most=MOST_ANSWERS)
    words = telling(known, subject)
    return {"answers": [(one, snippet(one.current.body, words)) for one in found if one.current]}


def _form(
    request: CustomerRequest,
    form: RequestForm,
    own: CustomersFieldsForm,
    types: list[RequestType],
    what: RequestType | None,
    **found: Any,
) -> HttpResponse:
    context = {"form": form, "own": own, "types": types, "what": what, "portal_active": "new", **found}
    return show(request, "portal/new.html", context, status=BAD_INPUT if form.is_bound else 200)
