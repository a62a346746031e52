"""Criteria that start an escalation by themselves (R9): their list, and one of them. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from desk.answers import BAD_INPUT, DeskRequest, blaming, rules_page, say, show_settings
from desk.forms.criteria import CriterionForm
from desk.looks.rules.criteria import criterion_lines, dry_run_words
from escalation.models import Criterion
from escalation.services import criteria as services

_GAP = 10


@require_safe
@rules_page
def criteria(request: DeskRequest) -> HttpResponse:
    context = {"lines": criterion_lines(), "now": clock.now()}
    return show_settings(request, "desk/settings/criteria.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def new_criterion(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def criterion(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, services.access_criterion(request.user, pk))


@require_POST
@rules_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """On or off: `on` says which, so that a second press of an old page changes nothing."""
    on = request.POST.get("on") == "1"
    kept = services.redefine_criterion(user=request.user, pk=pk, is_enabled=on)
    words = _("“%(name)s” is asked again.") if on else _("“%(name)s” opens no more; what it opened goes on.")
    say(request, words % {"name": kept.name})
    return redirect("desk:criteria")


def _form(request: DeskRequest, known: Criterion | None) -> HttpResponse:
    last = Criterion.objects.order_by("-order").values_list("order", flat=True).first() or 0
    form = CriterionForm(request.POST if request.method == "POST" else None, known, last + _GAP)
    if form.is_bound and form.is_valid():
        with blaming(form):
            terms = form.terms()
            if known:
                kept = services.redefine_criterion(user=request.user, pk=known.pk, **terms)
            else:
                kept = services.define_criterion(user=request.user, **terms)
            say(request, _("“%(name)s” is saved; it is asked of what happens from now on.") % {"name": kept.name})
            return redirect("desk:criteria")
    found = dry_run_words(known.conditions, clock.now()) if known and not form.is_bound else ""
    context = {"form": form, "criterion": known, "found": found}
    return show_settings(request, "desk/settings/criterion.html", context, status=BAD_INPUT if form.is_bound else 200)
