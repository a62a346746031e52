"""One request: the promise first, then who, how far it is, and what was said."""

from collections import defaultdict
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from common.languages import in_each_language
from common.questions import Question, one_of
from desk.answers import BAD_INPUT, CONFLICT, blame, show
from desk.looks.ticket.own_values import own_value
from desk.portal.escalate import refusal
from desk.portal.facts import facts_of
from desk.portal.forms import AnalysisForm, RatingForm, ReplyForm, RestoredForm
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.parts import parts_of
from desk.portal.standing import Standing, may_escalate, promises_of, standing_of
from desk.portal.typed import take
from escalation.models import Escalation
from escalation.services.resolving import analysable, analysable_with_others, asked_on, documents_on
from escalation.services.restored import question_on
from people.models import User
from tickets import satisfaction, services
from tickets.fields import told_to
from tickets.models import Attachment, Merge, Message, Rating, Ticket
from tickets.permissions import May, access_ticket, may_write
from tickets.querysets import MessageQuerySet


@require_safe
@customer_page
def request_page(request: CustomerRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number)
    goes_on = _goes_on(ticket)
    if goes_on.number != number and Ticket.objects.visible_to(request.user).filter(pk=goes_on.pk).exists():
        return redirect("portal:request", goes_on.number)
    typed = take(request, request.user)
    return request_shown(request, ticket, ReplyForm(initial=typed), typed=typed)


@require_POST
@customer_page
def reply(request: CustomerRequest, number: int) -> HttpResponse:
    """What the customer writes; a solved request opens again."""
    ticket = access_ticket(request.user, number, can=May.WRITE)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return request_shown(request, ticket, form)
    try:
        message = services.reply(user=request.user, number=number, **form.cleaned_data, now=clock.now())
    except (InvalidInput, NotAllowedNow) as error:
        blame(form, error)
        return request_shown(request, ticket, form)
    messages.success(request, _("Your message is sent."))
    return redirect(f"{reverse('portal:request', args=[number])}#message-{message.pk}")


@require_POST
@customer_page
def settle(request: CustomerRequest, number: int) -> HttpResponse:
    """Nothing more is needed: the customer says so himself."""
    try:
        services.settle(user=request.user, number=number, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is settled. Write here whenever it is not."))
    return redirect("portal:request", number)


@require_POST
@customer_page
def rate(request: CustomerRequest, number: int) -> HttpResponse:
    """How it was, in the customer's word."""
    ticket = access_ticket(request.user, number, can=May.WRITE)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return request_shown(request, ticket, rating_form=form)
    try:
        services.rate(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
    except (InvalidInput, NotAllowedNow) as error:
        blame(form, error)
        return request_shown(request, ticket, rating_form=form)
    messages.success(request, _("Thank you, your answer is with us."))
    return redirect(f"{reverse('portal:request', args=[number])}#rating")


@require_POST
@customer_page
def judge(request: CustomerRequest, pk: int) -> HttpResponse:
    """Whether one reply has helped."""
    said = request.POST.get("has_helped", "")
    reply = services.reply_to(user=request.user, pk=pk)
    if said not in {"yes", "no"}:
        messages.error(request, _("Say yes or no."))
    else:
        try:
            services.judge_reply(user=request.user, pk=pk, has_helped=said == "yes", now=clock.now())
        except NotAllowedNow as error:
            messages.error(request, str(error))
    return redirect(f"{reverse('portal:request', args=[reply.ticket_id])}#message-{pk}")


def _goes_on(ticket: Ticket) -> Ticket:
    """The ticket itself, or the one that it was merged into in the end."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def _conversation(ticket: Ticket, user: User) -> list[tuple[Message, list[Attachment]]]:
    """What was said on it, with its files, newest first.

    Merged into another customer's: what was before, and what he wrote since.
    """
    made = one_of(Merge.objects.filter(source=ticket, undone_at=None)) if ticket.merged_into_id else None
    if made is None:
        said, files = _said_on.rows(ticket.number), _files_on.rows(ticket.number)
    else:
        since = Q(author=user, by_customer=True, ticket=_goes_on(ticket))
        said = list(_in_order(Message.objects.filter(Q(pk__in=made.moved["hidden"]) | since)))
        files = list(Attachment.objects.filter(message__in=said).order_by("pk"))
    of: dict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        of[file.message_id].append(file)
    return [(message, of[message.pk]) for message in said]


@Question
def _said_on(ticket: int) -> MessageQuerySet:
    return _in_order(Message.objects.public().filter(ticket=ticket))


@Question
def _files_on(ticket: int) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(message__ticket=ticket).order_by("pk")


def _in_order(said: MessageQuerySet) -> MessageQuerySet:
    return said.select_related("author").order_by("-created_at", "-pk")


def request_shown(
    request: CustomerRequest,
    ticket: Ticket,
    form: ReplyForm | None = None,
    *,
    rating_form: RatingForm | None = None,
    restored_form: RestoredForm | None = None,
    analysis_form: AnalysisForm | None = None,
    typed: dict[str, str] | None = None,
    refused: str = "",
    wrote: str = "",
) -> HttpResponse:
    """The page, with whichever of its forms is sent back. `typed`: what could not be sent before; `refused`: why what
    he `wrote` is not taken now.
    """
    sent_back = any(one is not None and one.is_bound for one in (form, rating_form, restored_form, analysis_form))
    now = clock.now()
    facts = facts_of([ticket])[0]
    standing = standing_of(facts, now)
    is_own = ticket.requester_id == request.user.pk
    context = {
        "ticket": ticket,
        "standing": standing,
        "kept": promises_of(facts, now),
        "conversation": _conversation(ticket, request.user),
        "form": form or ReplyForm(),
        "files_field": "" if form is not None and form.is_bound else _no_files(),
        "is_own": is_own,
        "may_reply": is_own or may_write(request.user, ticket),
        **(_rating(ticket, rating_form, now, typed or {}) if is_own else {}),
        "told": [(field.label, own_value(field.type, value)) for field, value in told_to(ticket)],
        "parts": parts_of(ticket, request.user),
        **(_escalating(request.user, standing, now) if is_own else {}),
        "analysis_form": (analysis_form or AnalysisForm(initial=typed)) if is_own and _may_ask(standing) else None,
        "restored_form": (restored_form or RestoredForm(initial=typed)) if question_on(request.user, ticket) else None,
        "analyses": documents_on(ticket, request.user),
        "asked_analysis": asked_on(ticket, request.user, _shared(standing)) if standing.escalation else None,
        "portal_active": "request",
        "refused": refused,
        "wrote": wrote,
        "now": now,
    }
    status = BAD_INPUT if sent_back else CONFLICT if refused else HTTPStatus.OK
    return show(request, "portal/request.html", context, status=status)


def _shared(standing: Standing) -> Escalation | None:
    return standing.escalation if standing.is_shared else None


def _may_ask(standing: Standing) -> bool:
    """What went wrong, of its own escalation or of the larger matter that it is part of."""
    ticket = standing.ticket
    if analysable(ticket) is not None:
        return True
    return standing.is_shared and analysable_with_others(ticket, ticket.requester) is not None


def _escalating(user: User, standing: Standing, now: datetime) -> dict[str, Any]:
    """Whether it is offered, or why it is not."""
    open_to_it = may_escalate(standing)
    refused = refusal(user, standing, now) if open_to_it else ""
    return {"may_escalate": open_to_it and not refused, "why_not": refused}


def _rating(ticket: Ticket, form: RatingForm | None, now: datetime, typed: dict[str, str]) -> dict[str, Any]:
    """What was answered, and the question while it may be."""
    rating = _answered.row(ticket.number) if ticket.is_done else None
    fields = ""
    if form is None and satisfaction.may_rate(ticket, now):
        before = {"score": rating.score, "comment": rating.comment} if rating else {}
        form = RatingForm(initial=before | typed)
        fields = "" if form.initial else _unanswered()
    return {"rating": rating, "rating_form": form, "rating_fields": fields}


# The same for everybody who has not begun: drawn once.


@in_each_language
def _no_files() -> str:
    return render_to_string("portal/files_field.html", {"form": ReplyForm()})


@in_each_language
def _unanswered() -> str:
    return render_to_string("portal/rating_fields.html", {"rating_form": RatingForm()})


@Question
def _answered(ticket: int) -> "QuerySet[Rating]":
    return Rating.objects.filter(ticket=ticket).order_by()
