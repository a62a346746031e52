"""One's own second factors: allauth's forms and ceremonies on pages of this desk.

Each of them first asks who it is (`reauthentication_required`, which the classes bring along). What follows from a
change is `people.factors`: it is kept, told by mail, and the person's other sign-ins end, all in one transaction.
"""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput
from common.text import one_line
from desk.answers import BAD_INPUT, Page, blame, nothing_here, show
from people import factors, recovery
from people.models import User

NAME_LIMIT = 60


def _once_more(view: Page) -> Page:
    return cast(Page, reauthentication_required(view, app="allauth.mfa"))


class _Refusing:
    """A form that was refused comes back as what it is."""

    request: HttpRequest

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc] # of allauth's view beside it
        answer.status_code = BAD_INPUT
        return answer

    def _added(self, what: str) -> None:
        factors.added(user=_who(self.request), what=what, session=self.request.session, now=clock.now())

    def _removed(self, what: str) -> None:
        factors.removed(user=_who(self.request), what=what, session=self.request.session, now=clock.now())


class AddApp(_Refusing, ActivateTOTPView):
    template_name = "account/factor_app.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        self._added(factors.APP)
        return answer


class RemoveApp(_Refusing, DeactivateTOTPView):
    template_name = "account/factor_app_remove.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if not _may_still_remove(self.request, self.authenticator):
            return self.form_invalid(self.get_form())
        answer: HttpResponse = super().form_valid(form)
        self._removed(factors.APP)
        return answer


class AddPasskey(_Refusing, AddWebAuthnView):
    template_name = "account/passkey_add.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data["name"] = _name(form.cleaned_data["name"])
        answer: HttpResponse = super().form_valid(form)
        self._added(factors.PASSKEY)
        return answer


class _Own:
    """Of a passkey that is not one's own nothing is asked and nothing is said."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = Authenticator.objects.filter(user=request.user.pk, type=factors.PASSKEY, pk=kwargs["pk"])
        if request.user.is_authenticated and not known.exists():
            return nothing_here(request)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))  # type: ignore[misc] # of allauth's view


class RenamePasskey(_Own, _Refusing, EditWebAuthnView):
    template_name = "account/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            form.cleaned_data["name"] = one_line(form.cleaned_data["name"], field="name", limit=NAME_LIMIT)
        except InvalidInput as error:
            blame(form, error)
            return self.form_invalid(form)
        return cast(HttpResponse, super().form_valid(form))


class RemovePasskey(_Own, _Refusing, RemoveWebAuthnView):
    template_name = "account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return given | {"may_remove": factors.may_remove(self.object)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if not _may_still_remove(self.request, self.get_object()):
            return cast(HttpResponse, self.render_to_response(self.get_context_data(), status=BAD_INPUT))
        answer: HttpResponse = super().form_valid(form)
        self._removed(factors.PASSKEY)
        return answer


class NewCodes(_Refusing, GenerateRecoveryCodesView):
    template_name = "account/codes_new.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        self._added(factors.CODES)
        return answer


@never_cache
@require_safe
@_once_more
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, once: for some minutes after they were made."""
    shown = recovery.fresh_codes(_who(request), now=clock.now())
    return show(request, "account/codes.html", {"codes": shown})


@never_cache
@require_safe
@_once_more
def codes_file(request: HttpRequest) -> HttpResponse:
    shown = recovery.fresh_codes(_who(request), now=clock.now())
    if not shown:
        return nothing_here(request)
    text = "\n".join([_("Recovery codes for %(email)s") % {"email": _who(request).email}, "", *shown, ""])
    name = 'attachment; filename="recovery-codes.txt"'
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


def _may_still_remove(request: HttpRequest, factor: Authenticator) -> bool:
    """Of two last ones that are removed at the same moment, one stays."""
    User.objects.get_queryset().select_for_update().get(pk=_who(request).pk)
    return factors.may_remove(factor)


def _who(request: HttpRequest) -> User:
    return cast(User, request.user)


def _name(given: str) -> str:
    """The ceremony is over: a name that cannot be taken is no reason to throw the passkey away."""
    try:
        return one_line(given[:NAME_LIMIT], field="name", limit=NAME_LIMIT)
    except InvalidInput:
        return _("Passkey")
