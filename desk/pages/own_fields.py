"""The desk's own fields of tickets and escalations (R22): their lists, and one of them. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.own_fields import OwnFieldForm
from desk.looks.settings.own_fields import list_look
from tickets import defining
from tickets.models import CustomField


@require_safe
@admin_page
def own_fields(request: DeskRequest) -> HttpResponse:
    return show_settings(request, "desk/settings/own_fields.html", {"look": list_look()})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_field(request: DeskRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def own_field(request: DeskRequest, pk: int) -> HttpResponse:
    return _form(request, _field(pk))


@require_POST
@admin_page
def order(request: DeskRequest, pk: int) -> HttpResponse:
    defining.move_field(field=_field(pk), up=request.POST.get("to") == "up", by=request.user)
    return redirect("desk:own_fields")


@require_POST
@admin_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """Out of use, or back: `on` says which, so that a second press of an old page changes nothing."""
    on = request.POST.get("on") == "1"
    field = defining.switch_field(field=_field(pk), on=on, by=request.user)
    words = _("“%(name)s” is asked again.") if on else _("“%(name)s” is retired; the values that there are stay.")
    say(request, words % {"name": field.label})
    return redirect("desk:own_fields")


def _form(request: DeskRequest, field: CustomField | None) -> HttpResponse:
    form = OwnFieldForm(request.POST if request.method == "POST" else None, field=field)
    if form.is_bound and form.is_valid():
        with blaming(form):
            if field:
                kept = defining.redefine_field(field=field, by=request.user, **form.terms)
            else:
                kept = defining.define_field(by=request.user, **form.terms)
            say(request, _("“%(name)s” is saved.") % {"name": kept.label})
            return redirect("desk:own_fields")
    context = {"form": form, "field": field}
    return show_settings(request, "desk/settings/own_field.html", context, status=BAD_INPUT if form.is_bound else 200)


def _field(pk: int) -> CustomField:
    found = CustomField.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found
