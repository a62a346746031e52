"""The link of an invitation: name and password, and one works here. Whoever has it needs no sign-in; it serves once."""

from typing import Any

from django import forms
from django.contrib.auth import login, password_validation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, NotFound
from desk.answers import BAD_INPUT, blame, show
from desk.pages.setup import BACKEND
from people import factors, invitations
from people.models import User

GONE = 404


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters, and nothing that is easy to guess."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                person = User(email=self._email, name=cleaned.get("name", ""))
                password_validation.validate_password(cleaned["password"], user=person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    now = clock.now()
    try:
        found = invitations.behind(token, now=now)
    except NotFound as error:
        return show(request, "account/invitation_gone.html", {"why": str(error)}, status=GONE)
    form = AcceptForm(request.POST if request.method == "POST" else None, email=found.email)
    if form.is_bound and form.is_valid():
        try:
            person = invitations.accept(token=token, now=now, **form.cleaned_data)
        except NotFound as error:
            return show(request, "account/invitation_gone.html", {"why": str(error)}, status=GONE)
        except DomainError as error:
            blame(form, error)
        else:
            if factors.has_factor(person):
                return redirect("account_login")
            login(request, person, backend=BACKEND)
            return redirect("desk:inbox")
    context = {"form": form, "invitation": found}
    return show(request, "account/invitation.html", context, status=BAD_INPUT if form.is_bound else 200)
