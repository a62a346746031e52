"""Customers as administrators keep them: one organisation or contact, and lists of them (R71, R90)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import InvalidInput, NotFound
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blame, blaming, say, show_settings
from desk.forms.customers import AddressForm, BookForm, ContactForm, OrganisationForm
from desk.looks.customers.book import book_look
from people.addresses import change_address
from people.administration import set_active
from people.customers.book import COLUMNS, bring_in, look, read
from people.customers.keeping import keep
from people.enums import Role
from people.models import Organisation, User


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def book(request: DeskRequest) -> HttpResponse:
    """A list is looked at first; what was looked at is taken by the button below it."""
    form = BookForm(request.POST, request.FILES) if request.method == "POST" else BookForm()
    if not form.is_bound or not form.is_valid():
        return _book(request, form)
    given, taken = form.cleaned_data["given"], request.POST.get("deed") == "take"
    try:
        lines = read(given)
    except InvalidInput as error:
        blame(form, error)
        return _book(request, form)
    if not taken:
        return _book(request, BookForm(), status=200, look=book_look(look(lines)), given=given)
    report = bring_in(lines, by=request.user)
    if report.refused:
        return _book(request, BookForm(), status=200, look=book_look(report), done=True)
    words = _("The list is taken: %(new)d new, %(changed)d changed.")
    say(request, words % {"new": len(report.new), "changed": len(report.changed)})
    return redirect("desk:customer_book")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_organisation(request: DeskRequest) -> HttpResponse:
    return _one(request, OrganisationForm, None, Organisation())


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def organisation(request: DeskRequest, pk: int) -> HttpResponse:
    found = Organisation.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return _one(request, OrganisationForm, found, found)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    """A customer's name, language and organisation; colleagues have a page of their own."""
    found = customer_at(pk)
    return _one(request, ContactForm, found, found)


@require_POST
@admin_page
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """Lets a contact in no more, or again; whoever is signed in is signed out at once."""
    person = customer_at(pk)
    person = set_active(by=request.user, person=person, is_active=not person.is_active)
    words = _("%(name)s is let in again.") if person.is_active else _("%(name)s is switched off.")
    say(request, words % {"name": person})
    return redirect("desk:contact_edit", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def address(request: DeskRequest, pk: int) -> HttpResponse:
    """Where a contact is written to and signs in; the old address learns it."""
    person = customer_at(pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            change_address(by=request.user, person=person, email=form.cleaned_data["email"], now=clock.now())
            say(request, _("%(name)s has another address. The old one was told.") % {"name": person})
            return redirect("desk:contact_edit", pk)
    context = {"person": person, "form": form, "former": person.aliases.all()}
    return show_settings(
        request, "desk/settings/customer_address.html", context, status=BAD_INPUT if form.errors else 200
    )


def customer_at(pk: int) -> User:
    """Switched off or not; NotFound for colleagues, and for who was erased."""
    found = User.objects.select_related("organisation").filter(pk=pk, role=Role.CUSTOMER, erased_at=None).first()
    if found is None:
        raise NotFound
    return found


def _one(request: DeskRequest, made: type[forms.ModelForm[Any]], found: Any, row: Any) -> HttpResponse:
    title = str(found) if found else ""
    form = made(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        with blaming(form):
            kept = keep(found or Organisation(), by=request.user, **form.cleaned_data)
            say(request, _("“%(name)s” is saved.") % {"name": kept})
            return redirect(_page_of(kept), kept.pk)
    context = {"form": form, "title": title, "entry": found, "is_person": isinstance(found, User)}
    return show_settings(request, "desk/settings/customer.html", context, status=BAD_INPUT if form.is_bound else 200)


def _page_of(kept: Any) -> str:
    if not isinstance(kept, User):
        return "desk:customer"
    return "desk:customer_person" if kept.is_active else "desk:contact_edit"


def _book(request: DeskRequest, form: BookForm, *, status: int = 0, **more: Any) -> HttpResponse:
    context = {"form": form, "columns": ", ".join(COLUMNS), **more}
    code = status or (BAD_INPUT if form.is_bound else 200)
    return show_settings(request, "desk/settings/customer_book.html", context, status=code)
