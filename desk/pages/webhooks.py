"""Programs that are called by signed webhook: which, of what, and what became of each call. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, show_settings
from desk.forms.webhooks import EndpointForm
from notifications import endpoints
from notifications.models import Delivery, Endpoint

CALLS = 50


@require_safe
@admin_page
def webhooks(request: DeskRequest) -> HttpResponse:
    return show_settings(request, "desk/webhooks/list.html", {"endpoints": list(Endpoint.objects.all())})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_webhook(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def webhook(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, endpoints.endpoint_of(pk))


@require_POST
@admin_page
def rotate(request: DeskRequest, pk: int) -> HttpResponse:
    endpoints.rotate_secret(pk=pk, by=request.user, now=clock.now())
    messages.success(request, _("There is a new secret. The old one signs beside it for a day."))
    return redirect("desk:webhook", pk)


@require_POST
@admin_page
def test(request: DeskRequest, pk: int) -> HttpResponse:
    endpoints.send_test(pk=pk, by=request.user, now=clock.now())
    messages.success(request, _("A test is on its way; what came of it stands below."))
    return redirect("desk:webhook", pk)


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    endpoints.remove_endpoint(pk=pk, by=request.user)
    messages.success(request, _("It is not called any more."))
    return redirect("desk:webhooks")


def _form(request: DeskRequest, endpoint: Endpoint | None) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None, endpoint=endpoint)
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = endpoints.save_endpoint(endpoint=endpoint, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("“%(name)s” is saved.") % {"name": kept.name})
            return redirect("desk:webhook", kept.pk)
    calls = Delivery.objects.filter(endpoint=endpoint).order_by("-pk")[:CALLS] if endpoint else ()
    context = {"form": form, "endpoint": endpoint, "calls": list(calls)}
    return show_settings(request, "desk/webhooks/one.html", context, status=BAD_INPUT if form.is_bound else 200)
