"""Signing in by a link that comes by mail: for customers, who need no password.

Whether an address is known is told to nobody: the answer is the same, and a colleague's gets no link either. Following
the link does nothing, since programs that look through mail follow links; its button signs in.
"""

from datetime import datetime

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import NotFound
from common.identity import desk_name
from desk.answers import BAD_INPUT, show
from notifications.actions import post
from people import sign_in_links
from people.models import User

GONE, TOO_MANY = 404, 429
# Of one person, one mail within this many seconds.
PACE = 120


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    then = _then(request)
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"email": request.GET.get("email", "")})
    context = {"form": form, "then": then, "minutes": sign_in_links.VALID_FOR.seconds // 60}
    if not form.is_valid():
        return show(request, "account/link.html", context, status=BAD_INPUT if form.is_bound else 200)
    address = form.cleaned_data["email"]
    if not ratelimit.consume(request, action="request_login_code", key=address.lower()):
        form.add_error(None, _("These are too many within a minute. Wait a moment, then send it again."))
        return show(request, "account/link.html", context, status=TOO_MANY)
    person = sign_in_links.customer_at(address)
    if person is not None:
        _send(person, then, clock.now())
    return show(request, "account/link.html", {**context, "sent_to": address})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.method == "POST":
            return _sign_in(request, token)
        person, _then = sign_in_links.behind(token)
    except NotFound as error:
        return show(request, "account/link_gone.html", {"why": str(error)}, status=GONE)
    return show(request, "account/link_open.html", {"person": person})


def _then(request: HttpRequest) -> str:
    """A path of this desk, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_path = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_path else ""


@transaction.atomic
def _sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """The row is held, so that of two at once one is in. A second factor is asked for as after a password."""
    person, then = sign_in_links.behind(token, hold=True)
    record_authentication(request, person, method="link")
    answer: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=then or None)
    return answer


def _send(person: User, then: str, now: datetime) -> None:
    with translation.override(person.language):
        known = {
            "desk": desk_name(),
            "url": settings.BASE_URL + sign_in_links.path_of(person, then),
            "minutes": sign_in_links.VALID_FOR.seconds // 60,
        }
        subject = _("Sign in to %(desk)s") % known
        text = (
            _(
                "Sign in by this link:\n%(url)s\n\n"
                "It serves once, for %(minutes)d minutes. If you did not ask for it, leave it: nothing happens."
            )
            % known
        )
    dedupe = f"sign_in_link:{sign_in_links.state_of(person)}:{int(now.timestamp()) // PACE}"
    post(address=person.email, recipient=person, subject=subject, text=text, dedupe=dedupe, now=now)
