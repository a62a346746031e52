"""The reader's own settings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from desk.answers import safe_next
from people.actions import set_theme
from people.enums import Theme
from people.models import User

# What the buttons send, and what is kept: the system decides where nothing is.
THEMES = {"system": Theme.SYSTEM, "light": Theme.LIGHT, "dark": Theme.DARK}


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """For everybody who has signed in, customers too."""
    chosen = THEMES.get(request.POST.get("theme", ""))
    if chosen is None or not isinstance(request.user, User):
        return HttpResponseBadRequest()
    set_theme(user=request.user, theme=chosen)
    return redirect(safe_next(request, "/"))
