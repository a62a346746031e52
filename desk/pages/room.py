"""The room of one escalation, and every verb in it: guard, act, answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import Condition, DomainError, InvalidInput, NotAllowedNow, NotFound, Refused
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, safe_next, show, status_of
from desk.forms.room import CauseForm, ChatForm, ReasonForm, WhyForm, plan_form
from desk.forms.updates import UpdateForm
from desk.looks.escalations import reviews
from desk.looks.escalations.checklists import checklist_look
from desk.looks.escalations.resolving import ResolvingLook
from desk.looks.escalations.room import RoomLook, room, room_url
from desk.looks.escalations.verbs import FORWARD, Forward, forward
from desk.looks.reports.recommendations import in_room
from desk.pages.room_verbs import VERBS
from escalation.actions import SHORTEST_REASON
from escalation.close import causes
from escalation.deadlines.promises import proposed
from escalation.enums import INFORMED, RecommendationState
from escalation.models import Escalation, PlanTask
from escalation.permissions import access_escalation, access_own_request, may_override
from escalation.procedures.conditions import can_be_set_aside, checklist
from escalation.procedures.plan_templates import drafts_for
from escalation.services.communicating import prepared_for

WHOLE = "desk/room/page.html"
LIVE = "desk/room/live.html"
# The verbs whose forms stand on the page, with their errors beside the fields.
SHOWN = frozenset({"communicate", "chat"})
# Those that come and go with the step and with who looks; by the name of each on `ResolvingLook`.
SHOWN_LATE = {
    "verify": "verify",
    "announce": "verify",
    "hand-over": "hand",
    "task-force": "call",
    "technical-plan": "present",
    "review-plan": "review",
    "resolve-related": "resolve_related",
    "request-analysis": "request",
    "kudos": "praise",
}


@require_safe
@desk_page
def room_page(request: DeskRequest, number: int) -> HttpResponse:
    """Whoever has asked for it, and sees nothing of it any more, is led to what he may take back."""
    try:
        escalation = access_escalation(request.user, number)
    except NotFound:
        return redirect("desk:escalation_asked", access_own_request(request.user, number).number)
    return answer(request, escalation, template=LIVE if request.htmx else WHOLE)


@require_POST
@desk_page
def act(request: DeskRequest, number: int, verb: str) -> HttpResponse:
    """One verb. Wrong input and refusals show the room again with every word kept; unmet conditions are a page."""
    escalation = access_escalation(request.user, number)
    if verb not in VERBS:
        raise NotFound
    deed = VERBS[verb]
    form = deed.form(request.POST)
    if not form.is_valid():
        return answer(request, escalation, verb=verb, form=form, refused=_unseen(form, verb), status=BAD_INPUT)
    try:
        deed.act(request.user, number, form.cleaned_data, clock.now())
    except DomainError as error:
        return _refused(request, number, verb, form, error)
    if deed.said:
        messages.success(request, str(deed.said))
    return redirect(safe_next(request, room_url(number) + deed.place))


def answer(
    request: DeskRequest,
    escalation: Escalation,
    *,
    template: str = WHOLE,
    verb: str = "",
    form: forms.Form | None = None,
    plan: Any = None,
    why: forms.Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The room as it is now. `form` is the one that was refused; it takes the place of its blank one."""
    now = clock.now()
    look = room(escalation, request.user, now)
    context: dict[str, Any] = {"look": look, "escalation": escalation, "refused": refused, "now": now}
    context["causes"] = causes.choices()
    if template == WHOLE:
        context |= _forms(request, escalation, verb, form, now)
        context["plan"] = plan or plan_form(look.plan or _proposed(look, now))
        context["why"] = why or WhyForm(initial={"based_on": look.plan_version}, prefix="why")
        late = {verb: form} if form is not None and verb in SHOWN_LATE else {}
        context["resolving"] = resolving = ResolvingLook(escalation, request.user, now, late)
        if late and getattr(resolving, SHOWN_LATE[verb]) is None:
            context["refused"] = refused or _all_errors(late[verb])
        context["reviewed"] = reviews.in_room(escalation, request.user, now)
        context["recommended"], context["states"] = in_room(escalation, request.user), RecommendationState.choices
        context["plan_open"] = verb == "plan" or request.GET.get("plan") == "1"
    return show(request, template, context, status=status)


def _proposed(look: RoomLook, now: datetime) -> list[PlanTask]:
    """What a first plan is filled in with, for whoever may make it."""
    return drafts_for(look.escalation, now) if look.is_live and look.may_work else []


def _forms(
    request: DeskRequest, escalation: Escalation, verb: str, form: forms.Form | None, now: datetime
) -> dict[str, Any]:
    audience = request.GET.get("audience", "")
    blank: dict[str, forms.Form] = {
        "communicate": _update_form(escalation, audience, now),
        "cause": CauseForm(),
        "chat": ChatForm(auto_id="chat_%s"),
    }
    given = {name: form if name == verb and form is not None else one for name, one in blank.items()}
    aside = form if isinstance(form, ReasonForm) else None
    return {
        **given,
        "aside_form": aside,
        "aside_verb": verb if aside else "",
        "aside_open": aside is not None or request.GET.get("return") == "1",
        "update_open": verb == "communicate" or bool(audience),
    }


def _update_form(escalation: Escalation, audience: str, now: datetime) -> UpdateForm:
    """Blank, with the time that the cadence asks for (R36)."""
    initial: dict[str, Any] = {"next_update_by": proposed(escalation, now)}
    if audience in INFORMED:
        initial["audience"] = audience
    return UpdateForm(initial=initial, prepared=prepared_for(escalation))


def _refused(request: DeskRequest, number: int, verb: str, form: forms.Form, error: DomainError) -> HttpResponse:
    escalation = access_escalation(request.user, number)
    step = next((step for step in FORWARD.values() if step.name == verb), None)
    unmet = checklist(escalation) if step is not None and verb == _forward_name(escalation) else []
    if step is not None and not isinstance(error, Refused) and any(not condition.met for condition in unmet):
        return _conflict(request, escalation, step, form, error, unmet)
    blame(form, error)
    # What is wrong with a field is said beside it; anything else, and what stands nowhere, on top.
    seen = isinstance(error, InvalidInput) and not _unseen(form, verb)
    return answer(
        request, escalation, verb=verb, form=form, refused="" if seen else str(error), status=refusal_status(error)
    )


def _conflict(
    request: DeskRequest,
    escalation: Escalation,
    step: Forward,
    form: forms.Form,
    error: DomainError,
    conditions: Sequence[Condition],
) -> HttpResponse:
    """409 as a checklist: what is missing, who can supply it, and the override below where there is a right to it."""
    context = {
        "escalation": escalation,
        "step": step,
        "heading": str(step.cannot) % {"ref": escalation.reference},
        "sentence": str(error),
        "conditions": checklist_look(escalation, request.user, conditions),
        "unmet": sum(not condition.met for condition in conditions),
        "all": len(conditions),
        "may_override": may_override(request.user, escalation)
        and can_be_set_aside([one for one in conditions if not one.met]),
        "typed": form.data.get("override_reason", ""),
        "shortest": SHORTEST_REASON,
    }
    return show(request, "desk/room/conflict.html", context, status=refusal_status(error))


def _forward_name(escalation: Escalation) -> str:
    step = forward(escalation)
    return step.name if step else ""


def _unseen(form: forms.Form, verb: str) -> str:
    """The errors of a form whose fields stand nowhere on the page."""
    return "" if verb in SHOWN or verb in SHOWN_LATE or isinstance(form, ReasonForm) else _all_errors(form)


def _all_errors(form: forms.Form) -> str:
    return " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)


def refusal_status(error: DomainError) -> int:
    return CONFLICT if isinstance(error, NotAllowedNow) else status_of(error)
