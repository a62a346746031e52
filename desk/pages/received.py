"""How a mail looked that became a message, and what an agent does about those to whom it went."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, NotFound, Refused
from desk.answers import DeskRequest, desk_page, show
from desk.looks.ticket.received import framed
from mailroom import correspondence
from mailroom.html import NO_PICTURE
from mailroom.models import ReceivedMail

# A stranger's page: no script and no form, an origin from which the desk's page may ask for its height and nothing
# else. Links open beside it. Pictures of other servers only where the reader asked for them.
_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:{remote}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@require_safe
@desk_page
@xframe_options_sameorigin
def as_sent(request: DeskRequest, pk: int) -> HttpResponse:
    """A mail's own look, for the frame in its message; `?images=1` with the pictures that lie elsewhere."""
    message = correspondence.access_message(request.user, pk)
    mail = ReceivedMail.objects.filter(message=message).exclude(html="").first()
    if mail is None:
        raise NotFound(_("There is nothing here for you."))
    with_remote = request.GET.get("images") == "1"
    response = show(
        request,
        "mail/_as_sent.html",
        {"framed": framed(mail, with_remote=with_remote), "no_picture": NO_PICTURE},
    )
    response["Content-Security-Policy"] = _POLICY.format(remote=" https: http:" if with_remote else "")
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@desk_page
def add_watcher(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody who was in copy; by an agent's hand alone."""
    message = correspondence.access_message(request.user, pk)
    back = reverse("desk:ticket", args=[message.ticket_id]) + f"#message-{pk}"
    address = request.POST.get("address", "")
    try:
        name = correspondence.add_follower(user=request.user, message=pk, address=address, now=clock.now())
    except (DomainError, Refused) as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _("%(name)s watches it from now on.") % {"name": name})
    return redirect(back)


@require_POST
@desk_page
def remove_watcher(request: DeskRequest, pk: int) -> HttpResponse:
    gone = correspondence.remove_follower(user=request.user, pk=pk, now=clock.now())
    messages.success(request, _("%(name)s gets no more answers by mail.") % {"name": gone.person.name})
    return redirect("desk:ticket", gone.ticket_id)


@require_POST
@desk_page
def address_works(request: DeskRequest, number: int) -> HttpResponse:
    """The customer's address is right after all."""
    address = correspondence.say_it_works(user=request.user, number=number, now=clock.now())
    messages.success(request, _("%(address)s counts as reachable again.") % {"address": address})
    return redirect("desk:ticket", number)
