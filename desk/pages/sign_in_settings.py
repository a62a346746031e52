"""How people sign in: who must have a second factor, and by which companies' sign-ins. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from desk.answers import BAD_INPUT, DeskRequest, admin_page, say, show_settings
from desk.forms.sign_in import FactorRulesForm
from people import factors
from people.models import IdentityProvider


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def sign_in_settings(request: DeskRequest) -> HttpResponse:
    required = factors.required_roles()
    form = FactorRulesForm(request.POST if request.method == "POST" else None, roles=required)
    if form.is_bound and form.is_valid():
        ended = factors.set_rules(by=request.user, **form.cleaned_data)
        told = ngettext("%(n)d sign-in has ended.", "%(n)d sign-ins have ended.", ended) % {"n": ended}
        say(request, " ".join([_("Who must have a second factor is saved."), told if ended else ""]).strip())
        return redirect("desk:sign_in_settings")
    context = {
        "form": form,
        "required": bool(required),
        "lacking": factors.without_factor(required).count(),
        "providers": IdentityProvider.objects.all(),
    }
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/sign_in.html", context, status=status)
