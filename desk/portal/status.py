"""How the services are that a customer uses: what is wrong, what was said of it, and when more is (R38)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import show
from desk.portal.guard import CustomerRequest, customer_page
from escalation.communicate.status import escalations_of, matter_of, may_see, states_for
from tickets.models import Service

PAGE = 10


@require_safe
@customer_page
def services(request: CustomerRequest) -> HttpResponse:
    now = clock.now()
    context = {"states": states_for(request.user, now), "portal_active": "status", "now": now}
    return show(request, "portal/status.html", context)


@require_safe
@customer_page
def service(request: CustomerRequest, slug: str) -> HttpResponse:
    """One service with the last 90 days; NotFound for whom it does not concern."""
    now = clock.now()
    found = Service.objects.filter(slug=slug).first()
    if found is None or not may_see(request.user, found, now):
        raise NotFound
    page = Paginator(escalations_of(found, request.user, now), PAGE).get_page(request.GET.get("page"))
    matters = [matter_of(one, request.user, now) for one in page.object_list]
    context = {"service": found, "matters": matters, "page": page, "portal_active": "status", "now": now}
    return show(request, "portal/service.html", context)
