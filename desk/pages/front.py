"""The page on which everybody signs in: by password, passkey, or a company's own sign-in."""

from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse

from people import providers


class SignIn(LoginView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.providers = providers.in_use()
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        # A browser holds a form's redirect against this, too.
        answer._csp_update = {"form-action": sorted({one.sends_to for one in self.providers if one.sends_to})}  # type: ignore[attr-defined] # read by django-csp
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return given | {"providers": self.providers}
