"""Colleagues who follow a ticket: one is asked to, another no longer has to."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, say, show
from desk.forms.handling import WatcherForm
from desk.looks.inbox.neighbours import again, kept
from tickets import composer
from tickets.permissions import May, access_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def add_watcher(request: DeskRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WORK)
    form = WatcherForm(request.POST or None, ticket=ticket)
    if form.is_bound and form.is_valid():
        person = form.cleaned_data["person"]
        with blaming(form, DomainError):
            composer.ask_to_watch(user=request.user, number=number, person=person, now=clock.now())
            say(request, _("%(name)s watches it from now on.") % {"name": person.name})
            return redirect(again(request, number))
    context = {"ticket": ticket, "form": form, "kept": kept(request, number)}
    return show(request, "desk/ticket/watcher.html", context, status=BAD_INPUT if form.is_bound else 200)
