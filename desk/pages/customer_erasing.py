"""A person is erased: first what goes and what stays, then the address typed as a confirmation."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, blame, say, show_settings
from desk.forms.customers import EraseForm
from desk.looks.customers.erasing import erasure_look
from desk.pages.customer_settings import customer_at
from people.enums import STAFF_ROLES
from people.erasing.actions import check_erasable, erase_person
from people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def erase(request: DeskRequest, pk: int) -> HttpResponse:
    return _erase(request, customer_at(pk), "desk:customer_book")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def erase_colleague(request: DeskRequest, pk: int) -> HttpResponse:
    """Only after the account was switched off, where what is open is handed over."""
    found = User.objects.filter(pk=pk, role__in=STAFF_ROLES, erased_at=None).first()
    if found is None:
        raise NotFound
    return _erase(request, found, "desk:people")


def _erase(request: DeskRequest, person: User, after: str) -> HttpResponse:
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(by=request.user, pk=person.pk, typed=form.cleaned_data["typed"], now=clock.now())
        except DomainError as error:
            blame(form, error)
            return _page(request, person, form, BAD_INPUT if isinstance(error, InvalidInput) else CONFLICT)
        say(request, _("The person is erased. Mail from the address makes somebody new."))
        return redirect(after)
    return _page(request, person, form, BAD_INPUT if form.errors else 200)


def _page(request: DeskRequest, person: User, form: EraseForm, status: int) -> HttpResponse:
    context = {"person": person, "form": form, "look": erasure_look(person), "refused": ""}
    try:
        check_erasable(request.user, person)
    except NotAllowedNow as error:
        context["refused"] = str(error)
    return show_settings(request, "desk/settings/customer_erase.html", context, status=status)
