"""How a low answer was followed up (R89)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.keeping import FollowUpForm
from desk.looks.inbox.neighbours import again
from tickets import services
from tickets.follow_ups import open_on
from tickets.permissions import May, access_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def follow_up(request: DeskRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    status = BAD_INPUT if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.follow_up(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
        else:
            say(request, _("It is on record how it ended."))
            return redirect(again(request, number))
    context = {"ticket": ticket, "follow_up": open_on(ticket), "form": form}
    return show(request, "desk/ticket/follow_up.html", context, status=status)
