"""What is recommended to team and management: the register, a new one, and what became of one (R30, R85)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, rules_page, safe_next, say, show
from desk.forms.recommendations import RecommendationForm, SettleForm
from desk.looks.recommendations import LOOKS, Register, register
from desk.looks.ticket import colleagues
from escalation.enums import RecommendationState
from escalation.models import Escalation
from escalation.permissions import access_escalation
from escalation.services import ruling

LONGEST_KEY = 18


@require_safe
@desk_page
def recommendations(request: DeskRequest) -> HttpResponse:
    look, before = request.GET.get("look", ""), request.GET.get("before", "")
    look = look if look in LOOKS else ""
    is_key = before.isascii() and before.isdigit() and len(before) <= LONGEST_KEY
    found = register(request.user, look=look, before=int(before) if is_key else None)
    return _page(request, found, look, first=not is_key)


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def new_recommendation(request: DeskRequest) -> HttpResponse:
    """To the whole desk."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def recommend(request: DeskRequest, number: int) -> HttpResponse:
    """Learned from one escalation."""
    return _form(request, access_escalation(request.user, number))


@require_POST
@desk_page
def settle(request: DeskRequest, pk: int) -> HttpResponse:
    form = SettleForm(request.POST)
    form.is_valid()
    try:
        kept = ruling.settle(user=request.user, pk=pk, state=form.data.get("state", ""), now=clock.now())
    except InvalidInput as error:
        found = register(request.user, look="", before=None)
        return _page(request, found, "", refused=str(error), status=BAD_INPUT)
    say(request, _("“%(title)s”: %(state)s.") % {"title": kept.title, "state": kept.get_state_display()})
    return redirect(safe_next(request, reverse("desk:recommendations")))


def _page(
    request: DeskRequest, found: Register, look: str, *, first: bool = True, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "register": found,
        "look": look,
        "looks": [(f"?look={name}" if name else "?", words, name == look) for name, (words, _states) in LOOKS.items()],
        "first": first,
        "states": RecommendationState.choices,
        "refused": refused,
    }
    return show(request, "desk/recommendations/list.html", context, status=status)


def _form(request: DeskRequest, escalation: Escalation | None) -> HttpResponse:
    people = [(person.email, person.name) for person in colleagues()]
    form = RecommendationForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        number = escalation.number if escalation else None
        try:
            ruling.recommend(user=request.user, learned_from=number, now=clock.now(), **form.cleaned_data)
        except InvalidInput as error:
            blame(form, error)
        else:
            say(request, _("It is in the register of recommendations."))
            return redirect(
                reverse("desk:escalation", args=[number]) + "#recommended" if number else "desk:recommendations"
            )
    context = {"form": form, "escalation": escalation}
    return show(request, "desk/recommendations/new.html", context, status=BAD_INPUT if form.is_bound else 200)
