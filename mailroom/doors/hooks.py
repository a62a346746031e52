"""Providers that take mail for the desk and call us with each one: Postmark and Mailgun, read by django-anymail.

The mail is kept as the provider received it wherever it tells us (Postmark: “Include raw email content”, Mailgun: the
address ends with `mime`); 200 only once it is committed, so that the provider tries again until then.
"""

from collections.abc import Callable

from anymail.utils import get_request_basic_auth
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common import clock

# Base64 in JSON makes a mail larger by a third and a little.
SWELLING = 1.5

PROVIDERS: dict[str, Callable[..., HttpResponseBase]] = {
    "postmark": PostmarkInboundWebhookView.as_view(),
    "mailgun-mime": MailgunInboundWebhookView.as_view(),
}
SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name of a setting
# What must be set besides, lest anybody's call be taken for the provider's.
NEEDED = {"mailgun-mime": "MAILGUN_WEBHOOK_SIGNING_KEY"}


@csrf_exempt
@require_POST
def mail_hook(request: HttpRequest, provider: str) -> HttpResponseBase:
    """One call of a provider. Who does not know the secret is told nothing, not even whether there is a door."""
    view = PROVIDERS.get(provider)
    if view is None or not _knows_the_secret(request) or NEEDED.get(provider, SECRET) not in settings.ANYMAIL:
        return HttpResponse(status=404)
    limit = int(settings.MAIL_SIZE_LIMIT * SWELLING)
    body = request.read(limit + 1)
    if len(body) > limit:
        return HttpResponse(status=413)
    # Django's own bound is for forms that people send; this sender is known, and the bound is above.
    request._body = body
    clock.synchronise()
    return view(request)


def _knows_the_secret(request: HttpRequest) -> bool:
    secret = settings.ANYMAIL.get(SECRET, "")
    return bool(secret) and constant_time_compare(get_request_basic_auth(request) or "", secret)
