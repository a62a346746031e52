"""One's own tokens: made, shown this once, revoked. For everybody who works here."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from api.actions import make_own_token, revoke_own_token
from common import clock
from common.errors import InvalidInput, NotFound
from people.models import User

BAD_INPUT = 422
DAYS = [(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("A year"))]
SCOPES = [
    ("read", gettext_lazy("Read only")),
    ("write", gettext_lazy("Read and write")),
    ("bot", gettext_lazy("Hand over a bot's conversations, and nothing else")),
]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), help_text=gettext_lazy("Which program uses it, and where."), max_length=80
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"), choices=SCOPES, initial="read", widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Good for"), choices=DAYS, coerce=int, initial=90)


def _own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: int, **kwargs: int) -> HttpResponse:
        try:
            if cast(User, request.user).is_agent:
                return view(request, *args, **kwargs)
        except NotFound:
            pass
        return render(request, "nothing_here.html", status=404)

    return login_required(guarded)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_own_page
def tokens(request: HttpRequest) -> HttpResponse:
    """The secret stands on the answer to the form, which nobody keeps, and nowhere else."""
    user, now, secret = cast(User, request.user), clock.now(), ""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        scope = given["scope"]
        terms = {"can_write": scope != "read", "hands_over_only": scope == "bot"}
        try:
            _token, secret = make_own_token(user=user, now=now, name=given["name"], days=given["days"], **terms)
        except InvalidInput as error:
            for name, sentences in error.errors.items():
                form.add_error(name if name in form.fields else None, list(sentences))
        else:
            form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": user.api_tokens.order_by("-created_at", "-pk"), "now": now}
    return render(request, "profile/tokens.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@_own_page
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    name = revoke_own_token(user=cast(User, request.user), pk=pk)
    messages.success(request, _("“%(name)s” is revoked; programs that used it stop at once.") % {"name": name})
    return redirect("tokens")
