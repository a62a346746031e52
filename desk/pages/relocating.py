"""Another address of a colleague: asked for by an administrator, confirmed by the link that went there."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import InvalidInput, NotFound, Refused
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, blaming, say, show, show_settings
from desk.forms.customers import AddressForm
from people import relocating
from people.entrance import AddressChange
from people.models import User

GONE = 404
REFUSED = 403


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def address(request: DeskRequest, pk: int) -> HttpResponse:
    person, now = _colleague(pk), clock.now()
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            row = relocating.ask(by=request.user, person=person, email=form.cleaned_data["email"], now=now)
            say(request, _("A letter is on its way to %(address)s.") % {"address": row.address})
            return redirect("desk:person_address", pk)
    waiting = AddressChange.objects.filter(person=person, expires_at__gt=now).first()
    context = {"person": person, "form": form, "former": person.aliases.all(), "waiting": waiting}
    status = BAD_INPUT if form.is_bound else 200
    return show_settings(request, "desk/settings/person_address.html", context, status=status)


@require_POST
@admin_page
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    relocating.withdraw(by=request.user, person=_colleague(pk))
    say(request, _("Withdrawn: the link of the letter opens nothing any more."))
    return redirect("desk:person_address", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The colleague himself, with the link that went to the new address; it serves once, a look changes nothing."""
    now = clock.now()
    try:
        row = relocating.behind(token, now=now)
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        relocating.check_is_himself(request.user, row)
        if request.method == "POST":
            relocating.confirm(by=request.user, token=token, now=now)
    except Refused as error:
        return show(request, "account/invitation_gone.html", {"why": str(error)}, status=REFUSED)
    except NotFound as error:
        return show(request, "account/invitation_gone.html", {"why": str(error)}, status=GONE)
    except InvalidInput as error:
        words = " ".join(one for said in error.errors.values() for one in said)
        return show(request, "account/invitation_gone.html", {"why": words}, status=CONFLICT)
    if request.method == "POST":
        messages.success(request, _("Sign in with %(address)s from now on.") % {"address": row.address})
        return redirect("account_login")
    return show(request, "account/address.html", {"change": row})


def _colleague(pk: int) -> User:
    found = User.objects.get_queryset().staff().active().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found
