"""One request: the promise first, then who, how far it is, and what was said."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, blame, show
from desk.portal.facts import facts_of
from desk.portal.forms import ReplyForm
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.standing import may_escalate, promises_of, standing_of
from tickets import services
from tickets.models import Ticket
from tickets.permissions import May, access_ticket


@require_safe
@customer_page
def request_page(request: CustomerRequest, number: int) -> HttpResponse:
    return _page(request, access_ticket(request.user, number), ReplyForm())


@require_POST
@customer_page
def reply(request: CustomerRequest, number: int) -> HttpResponse:
    """What the customer writes; a solved request opens again."""
    ticket = access_ticket(request.user, number, can=May.WRITE)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, ticket, form)
    try:
        message = services.reply(user=request.user, number=number, **form.cleaned_data, now=clock.now())
    except InvalidInput as error:
        blame(form, error)
        return _page(request, ticket, form)
    messages.success(request, _("Your message is sent."))
    return redirect(f"{reverse('portal:request', args=[number])}#message-{message.pk}")


def _page(request: CustomerRequest, ticket: Ticket, form: ReplyForm) -> HttpResponse:
    now = clock.now()
    facts = facts_of([ticket])[0]
    standing = standing_of(facts, now)
    conversation = ticket.messages.visible_to(request.user).select_related("author").prefetch_related("attachments")
    context = {
        "ticket": ticket,
        "standing": standing,
        "kept": promises_of(facts, now),
        "conversation": conversation.order_by("-created_at", "-pk"),
        "form": form,
        "may_escalate": may_escalate(standing),
        "portal_active": "request",
        "now": now,
    }
    return show(request, "portal/request.html", context, status=BAD_INPUT if form.is_bound else 200)
