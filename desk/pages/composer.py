"""What is written on a ticket: sent, kept while it is written, taken back; and who is at it. Each is a POST."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput
from common.numbers import whole
from common.text import BODY_LIMIT
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, show
from desk.forms.ticket import DraftForm, WriteForm
from desk.looks.inbox.neighbours import again
from desk.looks.ticket.composer import as_sent, kept_files, prepared, presence
from desk.pages import near_articles
from desk.pages.ticket import answer, refusal
from desk.templatetags.desk_time import seconds_clock
from desk.uploads import read_uploads
from people.models import User
from tickets import composer
from tickets.composer import Crossed
from tickets.models import Message, Ticket
from tickets.permissions import May, access_ticket

SEARCH_LIMIT = 80


@require_POST
@desk_page
def write(request: DeskRequest, number: int) -> HttpResponse:
    """A reply or a note. What cannot be sent stays in the composer, word for word."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    if "quick" in request.POST:
        return _insert(request, number)
    if "article" in request.POST:
        return near_articles.insert(request, ticket)
    form = WriteForm(request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, ticket, form=form, status=BAD_INPUT)
    try:
        with transaction.atomic():
            sent = _send(request.user, ticket, form.cleaned_data | {"passed": _passed(request)})
    except Crossed as error:
        return answer(request, ticket, form=form, crossed=error, status=CONFLICT)
    except DomainError as error:
        blame(form, error)
        return answer(request, access_ticket(request.user, number), form=form, status=refusal(error))
    if not isinstance(sent, Message):
        return redirect(again(request, number) + f"#pending-{sent.pk}")
    said = _("Sent to %(name)s.") % {"name": ticket.requester.name}
    messages.success(request, said if sent.is_public else _("The note is added."))
    # A word on a ticket that was merged goes where the matter goes on.
    return redirect(again(request, sent.ticket_id) + f"#message-{sent.pk}")


@require_POST
@desk_page
def save_draft(request: DeskRequest, number: int) -> HttpResponse:
    """The text as it is being typed; answers with when it was saved."""
    now = clock.now()
    try:
        draft = composer.save_draft(
            user=request.user,
            number=number,
            kind=request.POST.get("kind", ""),
            body=request.POST.get("body", ""),
            seen=whole(request.POST.get("seen", "")),
            now=now,
            next_update_by=DraftForm(request.POST).promised,
        )
    except InvalidInput as error:
        return JsonResponse({"error": str(error)}, status=BAD_INPUT)
    return JsonResponse({"saved": seconds_clock(now) if draft else ""})


@require_POST
@desk_page
def take_back(request: DeskRequest, number: int) -> HttpResponse:
    """Undo: the reply on its way is in the composer again."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    pk = whole(request.POST.get("draft", "")) or 0
    try:
        composer.take_back(user=request.user, number=number, pk=pk, now=clock.now())
    except DomainError as error:
        return answer(request, ticket, refused=str(error), status=refusal(error))
    return redirect(again(request, number, kind="reply") + "#composer")


@require_POST
@desk_page
def be_here(request: DeskRequest, number: int) -> HttpResponse:
    """The page says that it is open, and whether somebody types in it; answers with who else is there."""
    now = clock.now()
    if request.POST.get("left"):
        composer.leave(user=request.user, number=number)
        return HttpResponse(status=204)
    try:
        ticket = composer.be_here(user=request.user, number=number, writing=request.POST.get("writing", ""), now=now)
    except InvalidInput as error:
        return HttpResponse(str(error), status=BAD_INPUT, content_type="text/plain")
    return show(request, "desk/ticket/presence.html", {"others": presence(ticket, request.user, now)})


@require_POST
@desk_page
def preview(request: DeskRequest, number: int) -> HttpResponse:
    """How the text will look; without script the whole page, with what was typed."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    kind, body = request.POST.get("kind", ""), request.POST.get("body", "")[:BODY_LIMIT]
    html = as_sent(ticket, request.user, kind, body, clock.now(), DraftForm(request.POST).promised)
    if request.htmx:
        return show(request, "desk/ticket/preview.html", {"preview": html})
    return answer(request, ticket, form=WriteForm(request.POST), preview=html)


@require_POST
@desk_page
def change_files(request: DeskRequest, number: int) -> HttpResponse:
    """A file dropped onto the draft, or one taken off it; answers with the files that are there now."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    kind, now = request.POST.get("kind", ""), clock.now()
    try:
        for upload in read_uploads(request.FILES.getlist("file")):
            composer.add_file(user=request.user, number=number, kind=kind, upload=upload, now=now)
        if gone := whole(request.POST.get("remove", "")):
            composer.remove_file(user=request.user, number=number, pk=gone)
        if not request.htmx:
            composer.save_draft(
                user=request.user,
                number=number,
                kind=kind,
                body=request.POST.get("body", ""),
                seen=None,
                now=now,
                next_update_by=DraftForm(request.POST).promised,
            )
            return redirect(again(request, number, kind=kind) + "#composer")
    except InvalidInput as error:
        return HttpResponse(str(error), status=BAD_INPUT, content_type="text/plain; charset=utf-8")
    return show(request, "desk/ticket/files.html", {"ticket": ticket, "files": kept_files(ticket, request.user, kind)})


@require_safe
@desk_page
def quick_replies(request: DeskRequest, number: int) -> HttpResponse:
    """All prepared texts for this ticket, a dialog over the page or a page of its own."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    q = request.GET.get("q", "").strip()[:SEARCH_LIMIT]
    replies = prepared(ticket, request.user, clock.now(), q=q)
    return show(request, "desk/ticket/quick_replies.html", {"ticket": ticket, "replies": replies, "q": q})


def _insert(request: DeskRequest, number: int) -> HttpResponse:
    """Without script: the text is put into the draft, and the page shows it."""
    kind = request.POST.get("kind", "reply")
    try:
        composer.insert(
            user=request.user,
            number=number,
            quick=whole(request.POST["quick"]) or 0,
            kind=kind,
            body=request.POST.get("body"),
            now=clock.now(),
        )
    except InvalidInput:
        return redirect(again(request, number))
    return redirect(again(request, number, kind=kind) + "#composer")


def _send(user: User, ticket: Ticket, given: dict[str, Any]) -> Any:
    now, common = clock.now(), {"user": user, "number": ticket.number, "body": given["body"]}
    if given["kind"] == "note" or given["then"] == "note":
        return composer.send_note(**common, attachments=given["attachments"], now=now)
    told = {name: given[name] for name in ("attachments", "then", "seen", "passed", "next_update_by")}
    return composer.send_reply(**common, **told, now=now)


def _passed(request: DeskRequest) -> list[int]:
    """The colleagues whose announced replies the page has shown when it held this one back."""
    found = (whole(text) for text in request.POST.getlist("passed"))
    return [number for number in found if number is not None]
