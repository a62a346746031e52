"""A ticket's type and the desk's own fields of it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, say, show
from desk.forms.fields import FieldsForm
from desk.looks.inbox.neighbours import again
from tickets import services
from tickets.permissions import May, access_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def fields(request: DeskRequest, number: int) -> HttpResponse:
    """All of them at once; a wrong one is pointed at, and nothing that was typed is lost."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = FieldsForm(request.POST if request.method == "POST" else None, values=ticket.fields)
    if form.is_bound and form.is_valid():
        with blaming(form, DomainError):
            services.set_fields(user=request.user, number=number, values=form.values, now=clock.now())
            say(request, _("The fields are kept."))
            return redirect(again(request, number))
    context = {"ticket": ticket, "form": form}
    return show(request, "desk/ticket/fields.html", context, status=BAD_INPUT if form.is_bound else 200)
