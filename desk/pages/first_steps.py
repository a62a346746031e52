"""The first day of the desk: what is left to do, each step where it is done. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from desk.answers import DeskRequest, admin_page, nothing_here, say, show_settings
from desk.first_steps import proof as test
from desk.first_steps.steps import leave, steps
from escalation.coverage.reports import count_holes, prove_all


@require_safe
@admin_page
def first_steps(request: DeskRequest) -> HttpResponse:
    found = steps()
    left = [one for one in found if one.state == "open"]
    context = {
        "steps": found,
        "open": len(left),
        "next": left[0] if left else None,
        "minutes": sum(one.kind.minutes for one in left),
        "proof": test.proof(),
        "holes": count_holes(),
    }
    fragment = request.htmx and request.htmx.target == "steps"
    return show_settings(
        request, "desk/settings/first_steps_list.html" if fragment else "desk/settings/first_steps.html", context
    )


@require_POST
@admin_page
def leave_step(request: DeskRequest, slug: str) -> HttpResponse:
    try:
        leave(slug, on=request.POST.get("on") == "1", by=request.user, now=clock.now())
    except InvalidInput:
        return nothing_here(request)
    return redirect("desk:first_steps")


@require_POST
@admin_page
def begin_proof(request: DeskRequest) -> HttpResponse:
    try:
        ticket = test.begin(by=request.user, now=clock.now())
    except NotAllowedNow as refused:
        messages.error(request, str(refused))
    else:
        say(request, _("#%(number)d is open. Watch it, and leave it alone for a minute.") % {"number": ticket.number})
    return redirect("desk:first_steps")


@require_POST
@admin_page
def prove_now(request: DeskRequest) -> HttpResponse:
    """As each hour, and now."""
    holes = prove_all(clock.now())
    if holes:
        messages.error(request, _("There are moments at which a ladder reaches nobody: look at it."))
    else:
        say(request, _("At every quarter-hour of the next fourteen days somebody is reached."))
    return redirect("desk:first_steps")
