"""Chats on websites, set up by administrators."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.configuring import configure
from common.configuring import remove as take_away
from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show, show_settings
from desk.forms.widgets import WidgetForm
from visits.models import Widget


@require_safe
@admin_page
def widgets(request: DeskRequest) -> HttpResponse:
    found = Widget.objects.select_related("team").annotate(chats=Count("visits"))
    return show_settings(request, "desk/settings/widgets.html", {"widgets": found})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_widget(request: DeskRequest) -> HttpResponse:
    return _form(request, Widget())


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def widget(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, _found(pk))


@require_safe
@admin_page
def look(request: DeskRequest, pk: int) -> HttpResponse:
    """As on a website: a page of the desk's own, where the frame may always stand. One not in use stands nowhere."""
    found = _found(pk)
    if not found.is_enabled:
        raise NotFound
    src = reverse("portal:chat_script", args=[found.key])
    return show(request, "desk/settings/widget_look.html", {"widget": found, "src": src})


@require_POST
@admin_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Its chats stay what they have become: tickets that go on by e-mail."""
    found = _found(pk)
    take_away(found, by=request.user)
    say(request, _("“%(name)s” is gone from its sites.") % {"name": found.name})
    return redirect("desk:widgets")


def _form(request: DeskRequest, row: Widget) -> HttpResponse:
    # The form writes onto its own; what is kept is compared with the row as it was.
    instance = Widget.objects.get(pk=row.pk) if row.pk else Widget()
    form = WidgetForm(request.POST if request.method == "POST" else None, instance=instance)
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = configure(row, by=request.user, **form.cleaned_data)
            say(request, _("“%(name)s” is saved.") % {"name": kept.name})
            return redirect("desk:widget", kept.pk)
    context: dict[str, Any] = {"form": form, "widget": row if row.pk else None, **_lines(row)}
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/widget.html", context, status=status)


def _lines(row: Widget) -> dict[str, str]:
    """What whoever keeps the site puts into it (docs/chat.md)."""
    if not row.pk:
        return {}
    address = settings.BASE_URL + reverse("portal:chat_script", args=[row.key])
    return {
        "tag": f'<script src="{address}" async></script>',
        "policy": f"script-src {settings.BASE_URL}; frame-src {settings.BASE_URL}",
    }


def _found(pk: int) -> Widget:
    found = Widget.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
