"""The review of one escalation: its questions, its owner, and what is decided in it (R92)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, NotFound
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, say, show
from desk.forms.resolving import people_of
from desk.forms.reviews import QUESTIONS, GiveReviewForm, LessonForm, new_action_form, review_form
from desk.forms.room import ReasonForm
from desk.looks.escalations.reviews import action_lines, in_room
from desk.pages.room import refusal_status
from escalation.enums import ReviewState
from escalation.models import Escalation, Review
from escalation.permissions import access_escalation, actions_for
from escalation.services import reviewing as services


@require_safe
@desk_page
def review(request: DeskRequest, number: int) -> HttpResponse:
    return _page(request, *_access(request, number))


@require_POST
@desk_page
def write(request: DeskRequest, number: int) -> HttpResponse:
    """What is said so far is kept, and with `finish` the review is done; what is missing for that is said."""
    escalation, found = _access(request, number)
    form = review_form(found, request.POST)
    if not form.is_valid():
        return _page(request, escalation, found, form=form, status=BAD_INPUT)
    known: dict[str, Any] = {"user": request.user, "number": number, "now": clock.now()}
    try:
        services.write_review(**known, **form.cleaned_data)
        if "finish" in request.POST:
            services.finish_review(**known)
    except DomainError as error:
        blame(form, error)
        return _page(request, escalation, found, form=form, status=refusal_status(error))
    say(request, _("The review is done.") if "finish" in request.POST else _("The review is saved."))
    return redirect("desk:review", number)


@require_POST
@desk_page
def give(request: DeskRequest, number: int) -> HttpResponse:
    escalation, found = _access(request, number)
    form = GiveReviewForm(request.POST)
    if form.is_valid():
        try:
            given = services.give_review(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            return _page(request, escalation, found, refused=str(error), status=refusal_status(error))
        say(request, _("The review is with %(name)s now.") % {"name": given.owner})
        return redirect("desk:review", number)
    return _page(request, escalation, found, refused=_("Say whose the review is."), status=BAD_INPUT)


@require_POST
@desk_page
def waive(request: DeskRequest, number: int) -> HttpResponse:
    """Whoever runs it says why nobody would learn from it; taken up again it is by the verb `call-review`."""
    escalation, found = _access(request, number)
    form = ReasonForm(request.POST, auto_id="waive_%s")
    status = BAD_INPUT
    if form.is_valid():
        try:
            services.waive_review(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = refusal_status(error)
        else:
            say(request, _("The review is waived, and it is on record why."))
            return redirect("desk:review", number)
    return _page(request, escalation, found, waiver=form, status=status)


@require_POST
@desk_page
def add_action(request: DeskRequest, number: int) -> HttpResponse:
    escalation, found = _access(request, number)
    form = new_action_form(people_of(escalation), request.POST)
    status = BAD_INPUT
    if form.is_valid():
        try:
            services.add_action(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
            status = refusal_status(error)
        else:
            say(request, _("The action is with its owner."))
            return redirect("desk:review", number)
    return _page(request, escalation, found, action=form, status=status)


@require_POST
@desk_page
def recommend(request: DeskRequest, number: int) -> HttpResponse:
    """With one press into the register of recommendations."""
    escalation, found = _access(request, number)
    form = LessonForm(request.POST)
    if not form.is_valid():
        return _page(request, escalation, found, refused=_("That was not understood."), status=BAD_INPUT)
    try:
        services.recommend_lesson(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
    except DomainError as error:
        return _page(request, escalation, found, refused=str(error), status=refusal_status(error))
    say(request, _("It is in the register of recommendations."))
    return redirect("desk:review", number)


def _access(request: DeskRequest, number: int) -> tuple[Escalation, Review]:
    escalation = access_escalation(request.user, number)
    found = in_room(escalation, request.user, clock.now()).review
    if found is None:
        raise NotFound
    return escalation, found


def _page(
    request: DeskRequest,
    escalation: Escalation,
    found: Review,
    *,
    form: forms.Form | None = None,
    action: forms.Form | None = None,
    waiver: forms.Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    look = in_room(escalation, request.user, now)
    is_open = look.may_write and look.standing in (ReviewState.DUE, ReviewState.OVERDUE)
    people = people_of(escalation) if look.may_write else []
    owner = found.owner.email if found.owner else ""
    context = {
        "escalation": escalation,
        "look": look,
        "review": found,
        "refused": refused,
        "form": form or review_form(found),
        "is_open": is_open,
        "is_begun": any(getattr(found, name) for name in QUESTIONS),
        "give": GiveReviewForm(initial={"owner": owner}, people=people, auto_id="give_%s") if is_open else None,
        "waiver": (waiver or ReasonForm(auto_id="waive_%s")) if look.may_waive or waiver else None,
        "action": (action or new_action_form(people)) if look.may_write else None,
        "lines": action_lines(request.user, list(actions_for(request.user).filter(escalation=escalation)), now),
        "abouts": [("process", _("Recommend it")), ("training", _("Suggest a training"))],
        "now": now,
    }
    return show(request, "desk/reviews/page.html", context, status=status)
