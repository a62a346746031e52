"""What a customer typed and could not send, since his session had ended or the page was old: kept until he is back.

A form of the portal names its writer, signed. So what is kept comes from a page that was shown to him, and is shown to
nobody but him: whoever else signs in at this browser takes it away unseen.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from common import clock
from desk.answers import UNAUTHORIZED, page_before
from people.models import User

WRITER, SALT, KEY = "writer", "desk.portal.typed", "typed"
KEPT_FOR = timedelta(hours=1)
# Characters of all fields together.
MOST = 250_000
WORDS = ("subject", "body", "summary", "words", "why", "comment")
_UNKEPT = frozenset({"csrfmiddlewaretoken", WRITER})
_WITH_A_FORM_OF_THEIR_OWN = frozenset({"new_request", "escalate"})


def writer_of(user: User) -> str:
    """For a form's hidden field."""
    return signing.Signer(salt=SALT).sign(str(user.pk))


def keep(request: HttpRequest) -> bool:
    """Whether it was; nothing is kept of a form that was shown to nobody."""
    writer = _writer(request)
    if writer is None:
        return False
    fields = {name: request.POST[name] for name in request.POST if name not in _UNKEPT}
    if sum(map(len, fields.values())) > MOST:
        return False
    kept = {"writer": writer, "page": page_of(request), "fields": fields, "at": clock.now().isoformat()}
    request.session[KEY] = kept
    return True


def words_of(request: HttpRequest) -> str:
    """What he wrote in a form that was shown to him and leads nowhere now: his sight was taken away meanwhile."""
    writer = _writer(request)
    if writer is None or writer != request.user.pk:
        return ""
    return "\n\n".join(request.POST[name] for name in WORDS if request.POST.get(name, "").strip())[:MOST]


def _writer(request: HttpRequest) -> int | None:
    """To whom the form was shown."""
    try:
        return int(signing.Signer(salt=SALT).unsign(request.POST.get(WRITER, "")))
    except signing.BadSignature:
        return None


def take(request: HttpRequest, user: User) -> dict[str, str]:
    """What he typed for this page, once; what another typed, or long ago, is gone with it."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or (kept["writer"] == user.pk and kept["page"] != request.path):
        return {}
    del request.session[KEY]
    if kept["writer"] != user.pk or datetime.fromisoformat(kept["at"]) < clock.now() - KEPT_FOR:
        return {}
    messages.info(request, _("What you had typed is here again. Look it over and send it."))
    fields: dict[str, str] = kept["fields"]
    return fields


def page_of(request: HttpRequest) -> str:
    """On which page the form stands: an address that only takes forms has none."""
    match = request.resolver_match
    if request.method != "POST" or match is None:
        return request.get_full_path()
    if match.url_name in _WITH_A_FORM_OF_THEIR_OWN:
        return request.path
    if "number" in match.kwargs:
        return reverse("portal:request", args=[match.kwargs["number"]])
    return reverse("portal:requests")


def page_was_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Instead of a refusal: a form whose token is not that of this sign-in is shown again, with what was typed."""
    user = request.user
    if isinstance(user, User) and user.is_customer and keep(request):
        return redirect(page_of(request))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=UNAUTHORIZED)
    if isinstance(user, User) and user.is_agent:
        messages.error(request, _("Nothing was done: this page was from an earlier sign-in. It is a new one now."))
        return redirect(page_before(request))
    return csrf_failure(request, reason)
