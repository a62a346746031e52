"""One ticket: the conversation, its sidebar, and what can be changed about it. Each change is a POST.

What is written on it is `composer`'s.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, desk_page, show
from desk.forms.ticket import WriteForm
from desk.looks.inbox.neighbours import again, neighbours
from desk.looks.rules.criteria import proposals_on
from desk.looks.ticket.belongings import Belongings, belongings
from desk.looks.ticket.composer import ComposerLook, PresenceLook, composer, presence
from desk.looks.ticket.conversation import NEWEST, conversation, crossed_look
from desk.looks.ticket.matter import matter, waiting_incidents
from desk.looks.ticket.standing import where_it_went
from desk.looks.ticket.ticket import choices, side
from desk.looks.ticket.visit import transcript_look, visit_look
from desk.looks.ticket.waits import wait_words
from desk.pages.keeping import where_it_lies
from tickets import actions, mentions, services
from tickets import composer as composing
from tickets.enums import Wait
from tickets.follow_ups import open_on
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

# The parts that a page fetches again when the ticket has changed.
PARTS = {part: f"desk/ticket/{part}.html" for part in ("conversation", "side", "presence", "visit")} | {
    "head": "desk/ticket/head_again.html"
}
WHOLE = "desk/ticket/page.html"
MOST_MESSAGES = 2000
MORE = 200


@require_safe
@desk_page
def ticket_page(request: DeskRequest, number: int) -> HttpResponse:
    try:
        ticket = access_ticket(request.user, number)
    except NotFound:
        return where_it_lies(request, number)
    part = request.GET.get("part", "") if request.htmx else ""
    has = belongings(ticket)
    if has.mentions:
        mentions.read(ticket=ticket, user=request.user, now=clock.now())
    return answer(request, ticket, has, template=PARTS.get(part, WHOLE))


@require_POST
@desk_page
def change(request: DeskRequest, number: int, what: str) -> HttpResponse:
    """One of the pickers: status, priority, owner, team, tags."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    if what not in CHANGES:
        raise NotFound
    try:
        said = CHANGES[what](request, ticket, clock.now())
    except DomainError as error:
        as_it_is = access_ticket(request.user, number)
        typed = {what: _typed(request, what)}
        return answer(request, as_it_is, refused=str(error), typed=typed, status=refusal(error))
    messages.success(request, said)
    return redirect(again(request, number))


def answer(
    request: DeskRequest,
    ticket: Ticket,
    has: Belongings | None = None,
    *,
    template: str = WHOLE,
    form: WriteForm | None = None,
    refused: str = "",
    typed: dict[str, str] | None = None,
    crossed: composing.Crossed | None = None,
    preview: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it is now, with what was typed and why it was refused.

    `crossed` is what others wrote meanwhile, or are about to send, for which a reply was held back.
    """
    now, has, many = clock.now(), has or belongings(ticket), _asked_for(request)
    context: dict[str, Any] = {
        "ticket": ticket,
        # A reply that met a ticket solved meanwhile: the composer offers to reopen it.
        "conflict": status == CONFLICT and form is not None and ticket.is_done,
        "refused": refused,
        "typed": typed or {},
        "now": now,
    }
    if template not in {PARTS["side"], PARTS["visit"]}:
        context |= {"choices": choices(ticket, request.user), "tags": ticket.tags.all() if has.tags else ()}
        context["waits"] = wait_words(ticket.stands_still_for) if ticket.waits_for != Wait.CUSTOMER else ""
        context["away"] = where_it_went(ticket, request.user)
        context["proposals"] = proposals_on(ticket) if has.proposals else ()
        context["follow_up"] = open_on(ticket) if has.follow_ups else None
        context["solved_problem"] = waiting_incidents(ticket, request.user)
    if template in {WHOLE, PARTS["conversation"]}:
        asked = min(max(many, NEWEST), MOST_MESSAGES)
        context["talk"] = conversation(ticket, now, has, shown=asked, reader=request.user)
        context["shown"] = many
        context["earlier_url"] = again(request, ticket.number, shown=str(many + MORE))
    if template in {WHOLE, PARTS["side"]}:
        context["side"] = side(ticket, request.user, now, has)
        context |= matter(ticket)
    context |= _chats(ticket, has, template, now)
    if template in {WHOLE, PARTS["presence"]}:
        context["others"] = presence(ticket, request.user, now) if has.presences else PresenceLook()
    if template == WHOLE:
        context["list"] = neighbours(request, request.user, ticket, now)
        context |= {"form": form, "preview": preview, "crossed": crossed and crossed_look(crossed, ticket, now)}
        context["composer"] = _composer(request, ticket, form, has, context)
    return show(request, template, context, status=status)


def _asked_for(request: DeskRequest) -> int:
    """How many messages."""
    return whole(request.GET.get("shown", ""), 5) or NEWEST


def _chats(ticket: Ticket, has: Belongings, template: str, now: datetime) -> dict[str, Any]:
    """Of a website's visitor, and of a bot that handed over."""
    found: dict[str, Any] = {}
    if template in {WHOLE, PARTS["visit"]} and has.visit:
        found["visit"] = visit_look(ticket, now)
    if template in {WHOLE, PARTS["conversation"]} and has.transcript:
        found["transcript"] = transcript_look(ticket)
    return found


def _composer(
    request: DeskRequest, ticket: Ticket, form: WriteForm | None, has: Belongings, known: dict[str, Any]
) -> ComposerLook:
    return composer(
        ticket,
        request.user,
        form,
        known["now"],
        has=has,
        newest=known["talk"].newest,
        colleagues=known["choices"].people,
        kind=request.GET.get("kind", ""),
    )


def _status(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    verb = request.POST.get("verb", "")
    if verb not in actions.VERBS:
        raise InvalidInput.of("verb", _("There is no such step."))
    reason = request.POST.get("status", "")
    changed = services.change_status(
        user=request.user,
        number=ticket.number,
        verb=verb,
        now=now,
        reason=reason,
        waits_for=request.POST.get(f"waits-{verb}", ""),
    )
    return _("The ticket is now: %(status)s.") % {"status": changed.get_status_display()}


def _priority(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    wanted = request.POST.get("priority", "")
    changed = services.set_priority(user=request.user, number=ticket.number, priority=wanted, now=now)
    return _("The priority is now: %(priority)s.") % {"priority": changed.get_priority_display()}


def _assignee(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    email = request.POST.get("assignee", "")
    changed = services.assign(user=request.user, number=ticket.number, now=now, assignee_email=email)
    return _("Assigned to %(name)s.") % {"name": changed.assignee}


def _team(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    slug = request.POST.get("team", "")
    changed = services.assign(user=request.user, number=ticket.number, now=now, team_slug=slug)
    return _("Moved to %(team)s.") % {"team": changed.team}


def _tag(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    name = request.POST.get("tag", "")
    services.add_tag(user=request.user, number=ticket.number, name=name, now=now)
    return _("Tagged “%(tag)s”.") % {"tag": name}


def _untag(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    name = request.POST.get("untag", "")
    services.remove_tag(user=request.user, number=ticket.number, name=name, now=now)
    return _("The tag “%(tag)s” is removed.") % {"tag": name}


def _kind(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    changed = services.set_kind(user=request.user, number=ticket.number, kind=request.POST.get("kind", ""), now=now)
    return _("The type is now: %(kind)s.") % {"kind": changed.get_kind_display()}


def _watch(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    on = request.POST.get("watch") == "on"
    composing.watch(user=request.user, number=ticket.number, on=on)
    return _("You hear of what happens on it.") if on else _("You no longer hear of it.")


def _spare(request: DeskRequest, ticket: Ticket, now: datetime) -> str:
    spared = composing.spare(user=request.user, number=ticket.number, email=request.POST.get("spare", ""))
    return _("%(name)s no longer hears of it.") % {"name": spared.name}


CHANGES: dict[str, Callable[[DeskRequest, Ticket, datetime], str]] = {
    "status": _status,
    "priority": _priority,
    "kind": _kind,
    "assignee": _assignee,
    "team": _team,
    "tag": _tag,
    "untag": _untag,
    "watch": _watch,
    "spare": _spare,
}


def refusal(error: DomainError) -> int:
    return CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT


def _typed(request: DeskRequest, what: str) -> str:
    return request.POST.get(what, "")
