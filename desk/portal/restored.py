"""Access restored? (R48): the customer says yes or no, on the request's page or by the link of the mail.

The link needs no sign-in and shows nothing of the matter; following it answers nothing, its buttons do, once.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, blame, show
from desk.portal.forms import RestoredForm
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.request import request_shown
from escalation.services import restored as services
from people.models import User
from tickets.permissions import May, access_ticket

GONE = 404


@require_POST
@customer_page
def answer(request: CustomerRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WRITE)
    form = RestoredForm(request.POST)
    if not form.is_valid():
        return request_shown(request, ticket, restored_form=form, refused=_("Say whether it works for you."))
    try:
        services.answer_access(user=request.user, ticket_number=number, now=clock.now(), **form.cleaned_data)
    except InvalidInput as error:
        blame(form, error)
        return request_shown(request, ticket, restored_form=form)
    except NotAllowedNow:
        # Why not is said between colleagues, in words that are theirs.
        refused = _("It is not asked any more: it has been answered, or we are at work on it again.")
        return request_shown(request, ticket, refused=refused, wrote=form.cleaned_data["words"])
    messages.success(request, thanks(works=form.cleaned_data["works"]))
    return redirect("portal:request", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """In the language of the one who is asked, as the mail was."""
    reader = request.user if isinstance(request.user, User) else None
    try:
        question = services.question_behind(token, reader)
    except NotFound as error:
        return _gone(request, GONE, str(error))
    with override(question.person.language):
        return _by_link(request, reader, token)


def _by_link(request: HttpRequest, reader: User | None, token: str) -> HttpResponse:
    form = RestoredForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show(request, "portal/restored.html", {"form": form}, status=BAD_INPUT if form.is_bound else 200)
    try:
        services.answer_by_link(user=reader, token=token, now=clock.now(), **form.cleaned_data)
    except NotFound as error:
        return _gone(request, GONE, str(error))
    except NotAllowedNow:
        return _gone(request, CONFLICT)
    except InvalidInput as error:
        blame(form, error)
        return show(request, "portal/restored.html", {"form": form}, status=BAD_INPUT)
    return show(request, "portal/restored.html", {"state": "done", "said": thanks(works=form.cleaned_data["works"])})


def _gone(request: HttpRequest, status: int, why: str = "") -> HttpResponse:
    return show(request, "portal/restored.html", {"why": why, "state": "gone"}, status=status)


def thanks(*, works: bool) -> str:
    if works:
        return _("Thank you: it is on record that it works for you.")
    return _("Thank you for saying so: we are at work on it again, and you will hear from us.")
