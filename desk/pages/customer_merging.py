"""Customers who are probably entered twice, and two of them becoming one; seen side by side before it is done."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, blame, say, show_settings
from desk.forms.customers import MergeHousesForm, MergePeopleForm
from desk.looks.customers.merging import called, merge_look, others_like, twice_look
from desk.pages.customer_settings import customer_at
from people.merging.actions import merge_houses, merge_people
from people.merging.apart import keep_apart, perhaps_one
from people.models import Organisation, User

_KINDS: dict[str, type[User] | type[Organisation]] = {"people": User, "houses": Organisation}


@require_safe
@admin_page
def twice(request: DeskRequest) -> HttpResponse:
    return show_settings(request, "desk/settings/customers_twice.html", {"look": twice_look()})


@require_POST
@admin_page
def are_two(request: DeskRequest) -> HttpResponse:
    """`kind`: people or houses; `one` and `other`: their keys."""
    kind = _KINDS.get(request.POST.get("kind", ""))
    keys = [_key(request.POST.get(name, "")) for name in ("one", "other")]
    if kind is None or not all(keys):
        raise NotFound
    row = keep_apart(by=request.user, kind=kind, keys=(keys[0], keys[1]), now=clock.now())
    say(request, _("These are two."), undo=reverse("desk:customers_perhaps_one", args=[row.pk]))
    return redirect("desk:customers_twice")


@require_POST
@admin_page
def may_be_one(request: DeskRequest, pk: int) -> HttpResponse:
    perhaps_one(by=request.user, pk=pk)
    return redirect("desk:customers_twice")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def people(request: DeskRequest, pk: int) -> HttpResponse:
    stays = customer_at(pk)
    form = MergePeopleForm(_asked(request), stays=stays, near=others_like(stays))
    return _merge(request, stays, form, merge_people, "desk:customer_person", "contact_merge")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def houses(request: DeskRequest, pk: int) -> HttpResponse:
    stays = Organisation.objects.filter(pk=pk).first()
    if stays is None:
        raise NotFound
    return _merge(
        request,
        stays,
        MergeHousesForm(_asked(request), stays=stays),
        merge_houses,
        "desk:customer",
        "organisation_merge",
    )


def _merge(
    request: DeskRequest, stays: Any, form: Any, merge: Callable[..., Any], after: str, here: str
) -> HttpResponse:
    goes = form.cleaned_data["other"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and goes is not None:
        try:
            merge(by=request.user, stays=stays.pk, goes=goes.pk, now=clock.now())
        except DomainError as error:
            blame(form, error)
            code = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
            return _page(request, stays, None, form, here, code)
        say(request, _("“%(gone)s” is part of “%(name)s” now.") % {"gone": goes, "name": stays})
        return redirect(after, stays.pk)
    return _page(request, stays, goes, form, here, BAD_INPUT if form.errors else 200)


def _page(request: DeskRequest, stays: Any, goes: Any, form: Any, here: str, status: int) -> HttpResponse:
    context = {"stays": stays, "goes": goes, "form": form, "here": f"desk:{here}"}
    context["is_person"] = isinstance(stays, User)
    if goes is not None:
        context |= {"look": merge_look(stays, goes), "called": called(stays, goes)}
    return show_settings(request, "desk/settings/customer_merge.html", context, status=status)


def _key(text: str) -> int:
    return whole(text) or 0


def _asked(request: DeskRequest) -> Any:
    """The other one comes with the address, or with the button."""
    if request.method == "POST":
        return request.POST
    return request.GET if "other" in request.GET else None
