"""What is asked before each of the four steps is left, procedure by procedure (R16), and of what is closed (R92)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.answers import BAD_INPUT, DeskRequest, blaming, rules_page, say, show_settings
from desk.forms.reviews import ReviewTermsForm
from desk.looks.rules.step_conditions import procedure_lines
from escalation.deadlines.reviews import terms
from escalation.services import reviewing


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def steps(request: DeskRequest) -> HttpResponse:
    """To be read at one look; each procedure is changed on its own page, the terms of reviews here."""
    form = ReviewTermsForm(request.POST if request.method == "POST" else None, instance=terms())
    if form.is_bound and form.is_valid():
        with blaming(form):
            reviewing.set_terms(user=request.user, **form.cleaned_data)
            say(request, _("Saved. What is called for already stays as it is."))
            return redirect("desk:steps")
    context = {"lines": procedure_lines(), "form": form}
    return show_settings(request, "desk/settings/steps.html", context, status=BAD_INPUT if form.is_bound else 200)
