"""Who reads the status of a service by mail, and whom mail does not reach any more. For administrators."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import audit
from common.configuring import subject_of
from common.errors import NotFound
from desk.answers import DeskRequest, admin_page, say, show_settings
from escalation.models import Subscription
from tickets.models import Service

PAGE = 50


@require_safe
@admin_page
def subscribers(request: DeskRequest, pk: int) -> HttpResponse:
    service = Service.objects.filter(pk=pk).first()
    if service is None:
        raise NotFound
    rows = Subscription.objects.filter(service=service).select_related("person").order_by("-asked_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return show_settings(request, "desk/settings/subscribers.html", {"service": service, "page": page})


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody asked for it otherwise than by the link. The trail has no address."""
    found = Subscription.objects.select_related("service").filter(pk=pk).first()
    if found is None:
        raise NotFound
    service, subject = found.service, subject_of(found.service)
    found.delete()
    audit.record_change(by=request.user, subject=subject, before={}, after={"subscriber_removed": True}, of=service)
    say(request, _("No more mail about it."))
    return redirect("desk:subscribers", service.pk)
