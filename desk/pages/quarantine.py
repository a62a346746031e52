"""Mail that nobody could file: readable, to be read again, released or dropped. For managers and administrators."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.forms.quarantine import ReleaseForm
from desk.looks.quarantine import HANDLED_SHOWN, mail_look
from desk.looks.walk import PAGE, newest_first
from mailroom import services
from mailroom.enums import IntakeState
from mailroom.models import RawMessage

NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@require_safe
@desk_page
def quarantine(request: DeskRequest) -> HttpResponse:
    look = newest_first(services.list_quarantined(user=request.user), "received_at", request.GET.get("after", ""))
    handled = services.list_handled(user=request.user)[:HANDLED_SHOWN]
    return show(request, "desk/quarantine/list.html", {"look": look, "handled": handled})


@require_safe
@desk_page
def quarantined_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """What it says, its head, its source. A mail that has left the quarantine is not here any more."""
    return _one(request, pk, ReleaseForm())


@require_safe
@desk_page
def raw_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """As a file for a person's disk; no browser shows it as a page of this desk."""
    _waiting(request, pk)
    return HttpResponse(
        services.read_bytes(user=request.user, pk=pk),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="mail-{pk}.eml"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
@desk_page
def retry_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """Read it again as it came; it may come back with its reason."""
    try:
        _tell(request, services.retry(user=request.user, pk=pk, now=clock.now()))
    except NotAllowedNow as error:
        messages.error(request, str(error))
    return redirect("desk:quarantine")


@require_POST
@desk_page
def release_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """File it, somebody having read it: as mail is filed, or on the ticket that is named."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _one(request, pk, form)
    onto = form.cleaned_data["ticket"]
    try:
        _tell(request, services.release(user=request.user, pk=pk, now=clock.now(), onto=onto))
    except NotAllowedNow as error:
        messages.error(request, str(error))
    except NotFound:
        if onto is None:
            raise
        form.add_error("ticket", _("There is no ticket #%(number)d for you.") % {"number": onto})
        return _one(request, pk, form)
    return redirect("desk:quarantine")


@require_POST
@desk_page
def drop_mail(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        services.drop(user=request.user, pk=pk, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Mail %(pk)d is dropped. Its bytes are kept.") % {"pk": pk})
    return redirect("desk:quarantine")


@require_POST
@desk_page
def drop_mails(request: DeskRequest) -> HttpResponse:
    """Those that were ticked, of one page of the list."""
    ticked = [int(one) for one in request.POST.getlist("mail")[:PAGE] if NUMBER.fullmatch(one)]
    count = services.drop_these(user=request.user, pks=ticked, now=clock.now())
    if count:
        words = ngettext("%(n)d mail is dropped.", "%(n)d mails are dropped.", count)
        messages.success(request, words % {"n": count})
    else:
        messages.warning(request, _("Tick the mail to be dropped."))
    return redirect("desk:quarantine")


@require_POST
@desk_page
def bring_mail_back(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        services.bring_back(user=request.user, pk=pk, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("desk:quarantine")
    messages.success(request, _("Mail %(pk)d is in the quarantine again.") % {"pk": pk})
    return redirect("desk:quarantined_mail", pk)


def _one(request: DeskRequest, pk: int, form: ReleaseForm) -> HttpResponse:
    mail = _waiting(request, pk)
    look = mail_look(mail, services.read_bytes(user=request.user, pk=pk))
    status = BAD_INPUT if form.is_bound else 200
    return show(request, "desk/quarantine/one.html", {"look": look, "mail": mail, "form": form}, status=status)


def _waiting(request: DeskRequest, pk: int) -> RawMessage:
    mail = services.list_quarantined(user=request.user).filter(pk=pk).first()
    if mail is None:
        raise NotFound
    return mail


def _tell(request: DeskRequest, row: RawMessage) -> None:
    if row.state == IntakeState.FILED and row.ticket_number:
        messages.success(request, _("Filed on #%(number)d.") % {"number": row.ticket_number})
    elif row.state == IntakeState.FILED:
        messages.success(request, _("It is dealt with, and belongs on no ticket."))
    elif row.state == IntakeState.QUARANTINED:
        messages.warning(request, _("It is still here: %(reason)s") % {"reason": row.reason})
    elif row.state == IntakeState.DROPPED:
        messages.warning(request, _("Mail %(pk)d is dropped: %(reason)s") % {"pk": row.pk, "reason": row.reason})
    else:
        messages.success(request, _("Mail %(pk)d is taken in again.") % {"pk": row.pk})
