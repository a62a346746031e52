"""A chat in its frame: begun, gone on with, ended. Works by plain forms; its script only makes it live."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from desk import changes
from desk.answers import BAD_INPUT, blame, nothing_here, show
from desk.hub import Guest, in_thread
from desk.live import Listener, stream_for
from desk.pages.attachments import as_file
from desk.portal.chat.forms import BeginForm, SayForm
from desk.portal.chat.frame import (
    forget,
    language_of,
    remember,
    remembered,
    visit_page,
    widget_page,
)
from people.models import User
from visits import actions
from visits.models import Visit, Widget
from visits.opening import opens_at
from visits.pace import network_of
from visits.permissions import access_file, access_visit, access_widget, told_address
from visits.windows import Window

TOO_MANY = 429
NOTHING = 204
NEWEST = 100
# Of being there and of what is typed; the script tells neither more often than every two seconds.
_window = Window(60)
# That a form was made for whoever has signed in here, and by no other site in his name.
_SIGNED_IN, _GOOD_FOR = "desk.portal.chat", 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@widget_page
def chat(request: HttpRequest, widget: Widget) -> HttpResponse:
    """The beginning: what is said first opens a ticket. Who has begun already goes on where he was."""
    if request.method != "POST":
        return _again(request, widget) or _beginning(request, widget, BeginForm(known=_signed_in(request)))
    known = _proved(request)
    form = BeginForm(request.POST, request.FILES, known=known)
    if not form.is_valid():
        return _beginning(request, widget, form)
    try:
        _visit, word = actions.begin(
            widget=widget,
            known=known,
            network=network_of(request.META.get("REMOTE_ADDR", "")),
            language=language_of(request, widget),
            now=clock.now(),
            **form.cleaned_data,
        )
    except (InvalidInput, NotAllowedNow) as error:
        blame(form, error)
        return _beginning(request, widget, form)
    response = redirect("portal:chat_visit", widget.key, word)
    remember(response, widget, word)
    return response


@require_safe
@visit_page
def visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was said; with `?part=log` only that, for the script."""
    template = "portal/chat/log.html" if request.GET.get("part") == "log" else "portal/chat/visit.html"
    return _shown(request, visit, SayForm(initial={"body": visit.draft}), template)


@require_POST
@visit_page
def say(request: HttpRequest, visit: Visit) -> HttpResponse:
    template = "portal/chat/talk.html" if _is_quiet(request) else "portal/chat/visit.html"
    form = SayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, visit, form, template)
    try:
        actions.say(visit=visit, now=clock.now(), **form.cleaned_data)
    except (InvalidInput, NotAllowedNow) as error:
        blame(form, error)
        return _shown(request, visit, form, template)
    if not _is_quiet(request):
        return _back(request)
    return _shown(request, visit, SayForm(), template)


@require_POST
@visit_page
def here(request: HttpRequest, visit: Visit) -> HttpResponse:
    """He has it before his eyes, with all messages up to `shown`; the button that looks for news says so, too."""
    if not _window.allows(visit.pk):
        return HttpResponse(status=TOO_MANY)
    actions.be_here(visit=visit, shown=_key(request.POST.get("shown", "")), now=clock.now())
    return HttpResponse(status=NOTHING) if _is_quiet(request) else _back(request)


@require_POST
@visit_page
def draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is being typed: kept, should he go in mid-sentence."""
    if not _window.allows(visit.pk):
        return HttpResponse(status=TOO_MANY)
    actions.keep_draft(visit=visit, text=request.POST.get("body", ""), now=clock.now())
    return HttpResponse(status=NOTHING)


@require_POST
@visit_page
def end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """On a computer of others: nobody goes on with it here. The ticket goes on by mail."""
    widget = _widget(visit)
    actions.end(visit=visit, now=clock.now())
    context = {"widget": widget, "ended": visit.ticket, "address": told_address(visit)}
    response = show(request, "portal/chat/gone.html", context)
    forget(response, widget)
    return response


@require_safe
@visit_page
def file(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    try:
        return as_file(access_file(visit, pk), inline=False)
    except FileNotFoundError:
        return nothing_here(request)


@require_GET
async def live(request: HttpRequest, key: str, word: str) -> HttpResponseBase:
    """The same stream as everybody's, of one ticket: that something public has happened on it, and nothing else."""
    ticket = await in_thread(lambda: _ticket_of(key, word))
    if ticket is None:
        return HttpResponse(status=404)
    guest = Guest(ticket)
    return stream_for(
        request,
        Listener(guest, lambda news: changes.for_guest(ticket, news), lambda: _ticket_of(key, word) == ticket),
    )


def _ticket_of(key: str, word: str) -> int | None:
    try:
        return access_visit(word, widget=access_widget(key), now=clock.now()).ticket_id
    except NotFound:
        return None


def _again(request: HttpRequest, widget: Widget) -> HttpResponse | None:
    word = remembered(request, widget)
    try:
        access_visit(word, widget=widget, now=clock.now())
    except NotFound:
        return None
    return redirect("portal:chat_visit", widget.key, word)


def _beginning(request: HttpRequest, widget: Widget, form: BeginForm) -> HttpResponse:
    now, known = clock.now(), _signed_in(request)
    context = {
        "widget": widget,
        "form": form,
        "opens_at": opens_at(widget, now),
        "known": known,
        "proof": signing.dumps(known.pk, salt=_SIGNED_IN) if known else "",
        "lang": request.GET.get("lang", ""),
        "now": now,
    }
    return show(request, "portal/chat/begin.html", context, status=BAD_INPUT if form.is_bound else 200)


def _shown(request: HttpRequest, visit: Visit, form: SayForm, template: str) -> HttpResponse:
    now, ticket = clock.now(), visit.ticket
    newest = ticket.messages.filter(is_public=True).select_related("author").prefetch_related("attachments")
    messages = list(newest.order_by("-created_at", "-pk")[:NEWEST])[::-1]
    answered = any(not message.by_customer for message in messages)
    context: dict[str, Any] = {
        "widget": visit.widget,
        "visit": visit,
        "ticket": ticket,
        "address": "" if answered else told_address(visit),
        "messages_": messages,
        "shown": max((message.pk for message in messages), default=0),
        "answered": answered,
        "word": request.resolver_match.kwargs["word"] if request.resolver_match else "",
        "form": form,
        "opens_at": opens_at(_widget(visit), now),
        "now": now,
    }
    return show(request, template, context, status=BAD_INPUT if form.is_bound else 200)


def _widget(visit: Visit) -> Widget:
    if visit.widget is None:
        raise NotFound
    return visit.widget


def _back(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    return redirect("portal:chat_visit", **match.kwargs) if match else HttpResponse(status=NOTHING)


def _signed_in(request: HttpRequest) -> User | None:
    """A customer who has signed in to the portal, where the site is so near that the browser says so."""
    return request.user if isinstance(request.user, User) and request.user.is_customer else None


def _proved(request: HttpRequest) -> User | None:
    """The same of a form that was made for him."""
    user = _signed_in(request)
    try:
        made_for = signing.loads(request.POST.get("proof", ""), salt=_SIGNED_IN, max_age=_GOOD_FOR)
    except signing.BadSignature:
        return None
    return user if user is not None and made_for == user.pk else None


def _is_quiet(request: HttpRequest) -> bool:
    """It was the script that asked."""
    return request.POST.get("quiet") == "1"


def _key(text: str) -> int:
    return whole(text) or 0
