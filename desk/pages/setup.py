"""The first page of an empty desk. It is gone as soon as somebody may administer the desk."""

from typing import Any

from django import forms
from django.contrib.auth import login, password_validation
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk import starter
from desk.answers import BAD_INPUT, blame, nothing_here, show
from desk.bundle import packs
from people.models import User
from people.zones import zone_choices

BACKEND = "people.backends.PasswordBackend"


class FirstAdminForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 10 characters, and nothing that is easy to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    desk = forms.CharField(
        label=gettext_lazy("What the desk is called"),
        help_text=gettext_lazy("Customers read it above their requests and in every mail."),
        required=False,
        max_length=80,
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Where it is"),
        help_text=gettext_lazy("A time zone: type a city. Working hours are counted in it; empty for UTC."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    pack = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        help_text=gettext_lazy("All of it can be changed later."),
        required=False,
        widget=forms.RadioSelect,
        choices=lambda: [
            ("", gettext_lazy("The least: one team, working hours, promises, a ladder")),
            *((name, one.words) for name, one in packs.PACKS.items()),
        ],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        person = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
        if cleaned.get("password"):
            try:
                password_validation.validate_password(cleaned["password"], user=person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """A form for name, address and password. Whoever presses first is the administrator; the next finds nothing."""
    if User.objects.admins().exists():
        return nothing_here(request)
    form = FirstAdminForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    try:
        admin = starter.found(**form.cleaned_data, now=clock.now())
    except NotAllowedNow:
        return nothing_here(request)
    except IntegrityError:
        form.add_error("email", _("Somebody has this address already."))
        return _form(request, form)
    except DomainError as error:
        blame(form, error)
        return _form(request, form)
    login(request, admin, backend=BACKEND)
    return redirect("desk:first_steps")


def _form(request: HttpRequest, form: FirstAdminForm) -> HttpResponse:
    return show(
        request,
        "desk/setup.html",
        {"form": form, "zones": zone_choices(get_language())},
        status=BAD_INPUT if form.is_bound else 200,
    )
