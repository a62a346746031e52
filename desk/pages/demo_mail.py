"""The demo's mailbox: what a real desk would have sent, readable in the browser. Only in demo mode."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from common.numbers import whole
from desk.answers import DeskRequest, desk_page, nothing_here, show
from notifications.models import Delivery
from notifications.rendering import render

SHOWN = 100
# Links are looked for in so much of a text; the search takes time that grows faster than the text.
LONGEST_TEXT = 20_000
# A mail is a stranger's page: no script, no form, no request to anywhere, an origin of its own.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

Page = Callable[..., HttpResponse]


def demo_page(view: Page) -> Page:
    """Outside of demo mode there is nothing here, for anybody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if settings.DEMO else nothing_here(request)

    return guarded


@require_safe
@demo_page
@desk_page
def mail(request: DeskRequest) -> HttpResponse:
    """The newest mails; `?before=<pk>` goes on from there."""
    found = Delivery.objects.select_related("recipient").order_by("-pk")
    before = whole(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    mails = list(found[: SHOWN + 1])
    context = {"mails": mails[:SHOWN], "older": mails[SHOWN - 1].pk if len(mails) > SHOWN else None}
    return show(request, "desk/mail/list.html", context)


@require_safe
@demo_page
@desk_page
def one_mail(request: DeskRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("recipient"), pk=pk)
    rendered = render(delivery)
    context = {
        "mail": delivery,
        "rendered": rendered,
        "text": rendered.text[:LONGEST_TEXT],
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return show(request, "desk/mail/one.html", context)


@require_safe
@demo_page
@desk_page
@xframe_options_sameorigin
def mail_html(request: DeskRequest, pk: int) -> HttpResponse:
    """The HTML part by itself, for the frame on the page above."""
    delivery = get_object_or_404(Delivery, pk=pk)
    return HttpResponse(
        render(delivery).html,
        headers={
            "Content-Security-Policy": MAIL_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        },
    )
