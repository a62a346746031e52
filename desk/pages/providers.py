"""Company sign-ins, set up by administrators; the list of them stands on the page about sign-in."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.discovery import discover, origin_of
from desk.forms.providers import ProviderForm
from people import providers
from people.models import IdentityProvider


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_provider(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def provider(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, providers.access_provider(pk))


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    name = providers.remove_provider(by=request.user, pk=pk)
    say(request, _("%(name)s opens nothing any more; whom it has brought stays.") % {"name": name})
    return redirect("desk:sign_in_settings")


def _form(request: DeskRequest, found: IdentityProvider | None) -> HttpResponse:
    form = ProviderForm(request.POST if request.method == "POST" else None, provider=found)
    if form.is_bound and form.is_valid():
        with blaming(form):
            # Asked before the transaction: another's server may take its time.
            sends_to = origin_of(discover(form.cleaned_data["issuer"])["authorization_endpoint"])
            kept = providers.save_provider(by=request.user, provider=found, sends_to=sends_to, **form.cleaned_data)
            say(request, _("“%(name)s” is saved.") % {"name": kept.name})
            return redirect("desk:provider", kept.pk)
    back = settings.BASE_URL + reverse("company_callback", args=[found.slug]) if found else ""
    context = {"form": form, "provider": found, "back": back}
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/provider.html", context, status=status)
