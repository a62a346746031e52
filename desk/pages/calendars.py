"""The calendars: their list, and the editor of one. For administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars.models import Calendar
from common import clock
from common.errors import InvalidInput, NotAllowedNow
from desk.answers import BAD_INPUT, DeskRequest, admin_page, show_settings
from desk.forms.calendar import Draft
from desk.looks.calendars.calendars import list_look
from desk.looks.calendars.editor import editor_look
from sla import working_hours

Verb = Callable[[Draft, str, QueryDict], None]

VERBS: dict[str, Verb] = {
    "week": lambda draft, which, post: draft.set_week(which),
    "copy": lambda draft, which, post: draft.copy_monday(which),
    "add-hours": lambda draft, which, post: draft.add_hours(which),
    "drop-hours": lambda draft, which, post: draft.drop_hours(which),
    "add-day": lambda draft, which, post: draft.add_day(which),
    "drop-day": lambda draft, which, post: draft.drop_day(which),
    "take": lambda draft, which, post: draft.take(post.getlist("offer"), post.getlist("gone")),
}


@require_safe
@admin_page
def calendars(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    look = list_look(list(working_hours.list_calendars(user=request.user)), now)
    return show_settings(request, "desk/settings/calendars.html", {"look": look, "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def new_calendar(request: DeskRequest) -> HttpResponse:
    working_hours.list_calendars(user=request.user)
    if request.method != "POST":
        draft = Draft(time_zone=request.user.time_zone)
        draft.set_week("office")
        return _editor(request, None, draft)
    draft = Draft.posted(request.POST)
    return _saved(request, None, draft) if _saves(request) else _worked_on(request, None, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def calendar(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    if request.method != "POST":
        return _editor(request, found, Draft.of(found.current))
    draft = Draft.posted(request.POST)
    return _saved(request, found, draft) if _saves(request) else _worked_on(request, found, draft)


@require_POST
@admin_page
def archive(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    try:
        working_hours.archive_calendar(user=request.user, calendar=found, now=clock.now())
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("desk:calendar", pk=pk)
    messages.success(request, _("“%(name)s” is out of the list. Its versions are kept.") % {"name": found.name})
    return redirect("desk:calendars")


@require_POST
@admin_page
def bring_back(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    working_hours.bring_back_calendar(user=request.user, calendar=found, now=clock.now())
    messages.success(request, _("“%(name)s” can be chosen again.") % {"name": found.name})
    return redirect("desk:calendars")


def _saves(request: DeskRequest) -> bool:
    """By its button, or by Enter in a field; a fragment without a button only wants to be looked at."""
    return request.POST.get("do", "" if request.htmx else "save") == "save"


def _worked_on(request: DeskRequest, found: Calendar | None, draft: Draft) -> HttpResponse:
    name, _colon, argument = request.POST.get("do", "").partition(":")
    if name in VERBS:
        VERBS[name](draft, argument, request.POST)
    return _editor(request, found, draft, offers=name == "offer")


def _saved(request: DeskRequest, found: Calendar | None, draft: Draft) -> HttpResponse:
    try:
        if found is None:
            made = working_hours.create_calendar(user=request.user, now=clock.now(), **draft.content())
            messages.success(request, _("“%(name)s” can be chosen in policies now.") % {"name": made.name})
            return redirect("desk:calendar", pk=made.pk)
        _check_base(found, draft)
        version, moved = working_hours.change_calendar(
            user=request.user, calendar=found, now=clock.now(), applies_to=draft.applies_to, **draft.content()
        )
    except InvalidInput as error:
        return _editor(request, found, draft, error=error)
    messages.success(request, saved_words(version.number, moved))
    return redirect("desk:calendar", pk=found.pk)


def saved_words(number: int, moved: int) -> str:
    said = _("Version %(number)d is in force.") % {"number": number}
    if moved:
        said += " " + ngettext("%(n)d open clock follows it.", "%(n)d open clocks follow it.", moved) % {"n": moved}
    return said


def _check_base(found: Calendar, draft: Draft) -> None:
    """Somebody else may have saved meanwhile: his version is not covered up unseen."""
    current = str(found.current.number)
    if draft.base != current:
        draft.base = current
        sentence = _("Version %(number)s was saved meanwhile. What you would change in it stands at the right.")
        raise InvalidInput.of("base", sentence % {"number": current})


def _editor(
    request: DeskRequest,
    found: Calendar | None,
    draft: Draft,
    *,
    error: InvalidInput | None = None,
    offers: bool = False,
) -> HttpResponse:
    now = clock.now()
    look = editor_look(found, draft, now, offers=offers, error=error)
    context = {"calendar": found, "draft": draft, "look": look, "now": now}
    return show_settings(request, "desk/settings/calendar.html", context, status=BAD_INPUT if error else 200)
