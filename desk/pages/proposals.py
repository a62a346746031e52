"""What criteria propose (R9, R11): all that wait, and dismissing one. Accepting is the escalate dialog's business."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.room import ReasonForm
from desk.looks.rules.criteria import open_proposals
from escalation.services import criteria as services


@require_safe
@desk_page
def proposals(request: DeskRequest) -> HttpResponse:
    context = {"proposals": open_proposals(request.user), "now": clock.now()}
    return show(request, "desk/escalations/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def dismiss(request: DeskRequest, pk: int) -> HttpResponse:
    """A form of its own: the reason stays on record."""
    proposal = services.access_proposal(request.user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.dismiss(user=request.user, pk=pk, reason=form.cleaned_data["reason"], now=clock.now())
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("Dismissed; “%(name)s” says nothing of it again.") % {"name": proposal.source})
            return redirect("desk:ticket", proposal.ticket_id)
    return show(request, "desk/escalations/dismiss.html", {"proposal": proposal, "form": form}, status=status)
