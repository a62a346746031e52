"""Senders whose mail is dropped, and what was dropped lately; for managers and administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, safe_next, say, show
from desk.forms.keeping import BlockForm
from desk.looks.walk import by_words
from mailroom import services

DROPPED_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def blocked(request: DeskRequest) -> HttpResponse:
    rows = services.list_blocked(user=request.user)
    dropped = services.list_dropped(user=request.user)
    form = BlockForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            row = services.block(user=request.user, pattern=form.cleaned_data["pattern"], now=clock.now())
            say(request, _("Mail from %(pattern)s is dropped from now on.") % {"pattern": row.pattern})
            return redirect("desk:blocked")
    look = by_words(rows, "pattern", request.GET.get("after", ""))
    context = {"look": look, "dropped": dropped[:DROPPED_SHOWN], "form": form}
    return show(request, "desk/blocked.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def unblock(request: DeskRequest, pk: int) -> HttpResponse:
    pattern = services.unblock(user=request.user, pk=pk)
    say(request, _("Mail from %(pattern)s is read again.") % {"pattern": pattern})
    return redirect(safe_next(request, reverse("desk:blocked")))
