"""Mail that nobody could file: readable as it came, to be filed after all or dropped. For administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import NotAllowedNow, NotFound
from desk.answers import DeskRequest, desk_page, show
from mailroom import services
from mailroom.models import IntakeState, RawMessage

SHOWN = 200


@require_safe
@desk_page
def quarantine(request: DeskRequest) -> HttpResponse:
    mails = list(services.list_quarantined(user=request.user)[:SHOWN])
    return show(request, "desk/quarantine/list.html", {"mails": mails})


@require_safe
@desk_page
def quarantined_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """The source as harmless text. A mail that has left the quarantine is not here any more."""
    mail = services.list_quarantined(user=request.user).filter(pk=pk).first()
    if mail is None:
        raise NotFound
    source = services.read_source(user=request.user, pk=pk)
    return show(request, "desk/quarantine/one.html", {"mail": mail, "source": source})


@require_POST
@desk_page
def retry_mail(request: DeskRequest, pk: int) -> HttpResponse:
    """File it, somebody having read it; it may come back with its reason."""
    try:
        row = services.retry(user=request.user, pk=pk, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("desk:quarantine")
    _tell(request, row)
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


def _tell(request: DeskRequest, row: RawMessage) -> None:
    if row.state == IntakeState.FILED:
        messages.success(request, _("Filed on #%(number)d.") % {"number": row.ticket_number})
    elif row.state == IntakeState.QUARANTINED:
        messages.warning(request, _("It is still here: %(reason)s") % {"reason": row.reason})
    else:
        messages.success(request, _("Mail %(pk)d is taken in again.") % {"pk": row.pk})
