"""In which language the portal is read: kept in the profile, and of whoever has not signed in by the browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from desk.answers import nothing_here, safe_next
from people.actions import set_profile
from people.models import User

KEPT_FOR = 365 * 24 * 3600


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """And back to the page that was read."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return nothing_here(request)
    response = redirect(safe_next(request, reverse("portal:articles")))
    if isinstance(request.user, User):
        set_profile(user=request.user, language=language)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=KEPT_FOR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
