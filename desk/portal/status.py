"""How the services are: what is wrong, what was said of it, and when more is (R38).

A customer finds what concerns him; whoever comes without a sign-in finds the services whose status is public. What is
not public is to a stranger as if it were not there: he is asked to sign in, as he is for what does not exist.
"""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from common import clock
from common.questions import Question
from desk.answers import nothing_here, show
from desk.portal.forms import AddressForm
from escalation.communicate.status import escalations_of, matters_of, may_see, states_for
from escalation.models import Subscription
from people.models import User
from tickets.models import Service

PAGE = 10


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    reader, now = reader_of(request), clock.now()
    states = states_for(reader, now)
    if not states and reader is None:
        return not_for(request)
    context = {"states": states, "portal_active": "status", "now": now}
    return _private(show(request, "portal/status.html", context))


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service with the last 90 days."""
    reader, now, found = reader_of(request), clock.now(), seen(request, slug)
    if found is None:
        return not_for(request)
    page = Paginator(escalations_of(found, reader, now), PAGE).get_page(request.GET.get("page"))
    matters = matters_of(list(page.object_list), reader, now)
    context: dict[str, Any] = {
        "service": found,
        "matters": matters,
        "page": page,
        "portal_active": "status",
        "now": now,
    }
    if reader is None:
        context["by_mail"] = AddressForm()
    else:
        context["hears"] = _hears.row(found.pk, reader.pk, reader.email.lower()) is not None
    return _private(show(request, "portal/service.html", context))


def seen(request: HttpRequest, slug: str) -> Service | None:
    """The service, where its status is for whoever asks."""
    found = _named.row(slug)
    return found if found is not None and may_see(reader_of(request), found, clock.now()) else None


@Question
def _named(slug: str) -> "QuerySet[Service]":
    return Service.objects.filter(slug=slug).order_by()


@Question
def _hears(service: int, person: int, address: str) -> "QuerySet[Subscription]":
    his = Subscription.objects.of(User(pk=person, email=address))
    return his.hearing().filter(service=service).order_by()


def reader_of(request: HttpRequest) -> User | None:
    """The customer; None for a stranger, and for colleagues, who see what strangers see."""
    return request.user if isinstance(request.user, User) and request.user.is_customer else None


def not_for(request: HttpRequest, path: str = "") -> HttpResponse:
    """`path`: where a sign-in leads, where that is not this address."""
    if isinstance(request.user, User):
        return nothing_here(request)
    return redirect_to_login(path or request.get_full_path())


def _private(response: HttpResponse) -> HttpResponse:
    """What it shows depends on who reads."""
    patch_cache_control(response, private=True)
    return response
