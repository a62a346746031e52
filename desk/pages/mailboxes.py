"""The desk's mailboxes: how they are doing, and one of them set up, tried, paused. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import NotAllowedNow
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.mailboxes import MailboxForm
from desk.looks.settings.mailboxes import list_look, mailbox_look
from mailroom import mailboxes as rows
from mailroom import returns as return_addresses
from mailroom.models import Mailbox


@require_safe
@admin_page
def mailboxes(request: DeskRequest) -> HttpResponse:
    return show_settings(request, "desk/settings/mailboxes.html", {"lines": list_look()})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_mailbox(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def mailbox(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, rows.access_mailbox(pk))


@require_POST
@admin_page
def try_mailbox(request: DeskRequest, pk: int) -> HttpResponse:
    """Sign in now, as it was saved last."""
    well, sentence = rows.try_mailbox(rows.access_mailbox(pk))
    (messages.success if well else messages.error)(request, sentence)
    return redirect("desk:mailbox", pk)


@require_POST
@admin_page
def returns(request: DeskRequest, pk: int) -> HttpResponse:
    """Try whether mail comes back to an address of its own there, or leave that off: `on` says which."""
    found = rows.access_mailbox(pk)
    try:
        if request.POST.get("on") == "1":
            return_addresses.try_out(pk=found.pk, by=request.user, now=clock.now())
            say(request, _("A mail is on its way to the mailbox. When it arrives, return addresses are used."))
        else:
            return_addresses.leave_off(pk=found.pk, by=request.user)
            say(request, _("Mail comes back to its sender's own address."))
    except NotAllowedNow as error:
        messages.error(request, str(error))
    return redirect("desk:mailbox", pk)


@require_POST
@admin_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """Pause, or go on: `on` says which, so that a second press of an old page changes nothing."""
    on = request.POST.get("on") == "1"
    changed = rows.switch_mailbox(pk=pk, on=on, by=request.user)
    words = _("%(address)s is followed again.") if on else _("%(address)s is paused; its mail waits where it is.")
    say(request, words % {"address": changed.address})
    return redirect("desk:mailboxes")


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    address = rows.remove_mailbox(pk=pk, by=request.user)
    say(request, _("%(address)s is no mailbox of the desk any more; what came of it stays.") % {"address": address})
    return redirect("desk:mailboxes")


def _form(request: DeskRequest, found: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST if request.method == "POST" else None, mailbox=found)
    if form.is_bound and form.is_valid():
        with blaming(form):
            if found:
                kept = rows.change_mailbox(pk=found.pk, by=request.user, **form.terms)
            else:
                kept = rows.add_mailbox(by=request.user, **form.terms)
            say(request, _("%(address)s is saved.") % {"address": kept.address})
            return redirect("desk:mailbox", kept.pk)
    context = {"form": form, "mailbox": found, "look": mailbox_look(found) if found else None}
    return show_settings(request, "desk/settings/mailbox.html", context, status=BAD_INPUT if form.is_bound else 200)
