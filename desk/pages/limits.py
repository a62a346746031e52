"""Who may grant how much without asking (R67). For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.presence import LimitForm
from people import limits as rows
from people.models import AuthorityLimit


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def limits(request: DeskRequest) -> HttpResponse:
    """The list, and a form for one more; for whom there is one in that currency, it gets another amount."""
    form = LimitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = rows.set_limit(by=request.user, **form.terms)
            say(request, _("Saved: %(limit)s.") % {"limit": kept})
            return redirect("desk:limits")
    context = {"form": form, "limits": AuthorityLimit.objects.select_related("person")}
    return show_settings(request, "desk/settings/limits.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    rows.remove_limit(by=request.user, pk=pk)
    say(request, _("The limit is gone."))
    return redirect("desk:limits")
