"""The front door: everybody is led to the page where he begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from people.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Customers to their requests, staff to the inbox, strangers to sign-in, and an empty desk to its first page."""
    if isinstance(request.user, User):
        return redirect("portal:requests" if request.user.is_customer else "desk:inbox")
    return redirect("account_login" if User.objects.admins().exists() else "setup")
