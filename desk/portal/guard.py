"""The portal's door: for customers, each to his own requests."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from common.errors import NotFound, Refused
from desk.answers import nothing_here
from desk.portal import typed
from people.models import User

Page = Callable[..., HttpResponse]


class CustomerRequest(HttpRequest):
    """A request behind the guard: a customer has signed in."""

    user: User


def customer_page(view: Page) -> Page:
    """Strangers sign in and find what they typed; staff has its own desk; what is foreign or absent is not here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            if request.method == "POST":
                typed.keep(request)
            return redirect_to_login(typed.page_of(request))
        if not request.user.is_customer:
            return nothing_here(request)
        try:
            return view(cast(CustomerRequest, request), *args, **kwargs)
        except (NotFound, Refused):
            return nothing_here(request, typed.words_of(request))

    return guarded
