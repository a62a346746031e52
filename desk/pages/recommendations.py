"""What is recommended to team and management: the register, a new one, and what became of one (R30, R85)."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import InvalidInput
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, rules_page, safe_next, say, show
from desk.forms.recommendations import AimForm, RecommendationForm
from desk.looks.reports.recommendations import LOOKS, Register, register
from desk.looks.ticket.ticket import colleagues
from escalation.enums import TO_DO, RecommendationState, RecommendedFor
from escalation.models import Escalation, Recommendation
from escalation.permissions import access_escalation, access_to_settle
from escalation.services import ruling
from reports import aims, effects
from reports.models import Aim


@require_safe
@desk_page
def recommendations(request: DeskRequest) -> HttpResponse:
    look, before = request.GET.get("look", ""), request.GET.get("before", "")
    look = look if look in LOOKS else ""
    key = whole(before)
    found = register(request.user, look=look, before=key)
    return _page(request, found, look, first=key is None)


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
    state = request.POST.get("state", "")
    if state == RecommendationState.DECLINED and _is_to_train(request, pk):
        return redirect("desk:training_decline", pk)
    try:
        kept = ruling.settle(user=request.user, pk=pk, state=state, now=clock.now())
    except InvalidInput as error:
        return _refused(request, "", error)
    say(request, _("“%(title)s”: %(state)s.") % {"title": kept.title, "state": kept.get_state_display()})
    return redirect(safe_next(request, reverse("desk:recommendations")))


def _is_to_train(request: DeskRequest, pk: int) -> bool:
    """Declining that asks for a reason, on a page of its own."""
    with transaction.atomic():
        row = access_to_settle(request.user, pk)
    return row.about == RecommendedFor.TRAINING and row.state in TO_DO


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def aim(request: DeskRequest, pk: int) -> HttpResponse:
    """Which figure one that is in the register should move."""
    with transaction.atomic():
        row = access_to_settle(request.user, pk)
    form = AimForm(request.POST if request.method == "POST" else None, user=request.user, initial=_aimed(pk))
    if form.is_bound and form.is_valid():
        with blaming(form):
            aims.name_figure(user=request.user, pk=pk, **form.cleaned_data)
            say(request, _("“%(title)s”: what it should move is written down.") % {"title": row.title})
            return redirect(_place_of(row))
    context = {"form": form, "recommendation": row}
    return show(request, "desk/recommendations/aim.html", context, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def measure(request: DeskRequest, pk: int) -> HttpResponse:
    """Once more, with what the facts say by now."""
    try:
        row = effects.again(user=request.user, pk=pk, now=clock.now())
    except InvalidInput as error:
        return _refused(request, "settled", error)
    say(request, _("“%(title)s” is measured again.") % {"title": row.title})
    return redirect(safe_next(request, _place_of(row)))


def _place_of(row: Recommendation) -> str:
    """Where the register has it."""
    look = "" if row.state in LOOKS[""][1] else "?look=settled"
    return f"{reverse('desk:recommendations')}{look}#recommendation-{row.pk}"


def _aimed(pk: int) -> dict[str, str]:
    found = Aim.objects.filter(pk=pk).select_related("team").first()
    if found is None:
        return {}
    return {"figure": found.figure, "team": found.team.slug if found.team else "", "wished": found.wished}


def _refused(request: DeskRequest, look: str, error: InvalidInput) -> HttpResponse:
    found = register(request.user, look=look, before=None)
    return _page(request, found, look, refused=str(error), status=BAD_INPUT)


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
    form = RecommendationForm(request.POST if request.method == "POST" else None, people=people, user=request.user)
    if form.is_bound and form.is_valid():
        number = escalation.number if escalation else None
        with blaming(form):
            aims.recommend(user=request.user, learned_from=number, now=clock.now(), **form.cleaned_data)
            say(request, _("It is in the register of recommendations."))
            return redirect(
                reverse("desk:escalation", args=[number]) + "#recommended" if number else "desk:recommendations"
            )
    context = {"form": form, "escalation": escalation}
    return show(request, "desk/recommendations/new.html", context, status=BAD_INPUT if form.is_bound else 200)
