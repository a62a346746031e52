"""Ladders in the settings: their list, and one of them with its levels, its rehearsal and whom it reaches (R13, R14).

For whoever sets the rules of escalation. What is typed is proved as it stands, and kept by saving alone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, rules_page, say, show_settings
from desk.forms.ladder import LadderDraft
from desk.looks.rules.ladder_editor import Asked, differences, editor_look
from desk.looks.rules.ladders import ladder_lines
from escalation.coverage.publishing import OpensHolesError, draft_of, in_force, stamp
from escalation.coverage.terms import read_terms, terms_of
from escalation.models import Ladder
from escalation.services import ladders as services
from people.models import Team

VERBS: dict[str, Callable[[LadderDraft, str], None]] = {
    "add": LadderDraft.add,
    "remove": LadderDraft.remove,
    "up": LadderDraft.up,
    "down": LadderDraft.down,
}


@require_safe
@rules_page
def ladders(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    return show_settings(request, "desk/settings/ladders.html", {"lines": ladder_lines(now), "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def new_ladder(request: DeskRequest) -> HttpResponse:
    """A name and a team; it begins with what served the team so far."""
    teams = list(Team.objects.filter(ladder=None).order_by("name"))
    context: dict[str, Any] = {"teams": teams, "given": request.POST, "errors": {}}
    if request.method == "POST":
        team = next((one for one in teams if str(one.pk) == request.POST.get("team")), None)
        try:
            if team is None and request.POST.get("team"):
                raise InvalidInput.of("team", _("This team has a ladder of its own already."))
            name = request.POST.get("name", "")
            made = services.create_ladder(user=request.user, name=name, team=team, now=clock.now())
        except InvalidInput as error:
            context["errors"] = error.errors
        else:
            say(
                request,
                _("“%(name)s” is made. It does what was done before, until you publish a version.") % {"name": made},
            )
            return redirect("desk:ladder", made.pk)
    status = BAD_INPUT if context["errors"] else 200
    return show_settings(request, "desk/settings/ladder_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@rules_page
def ladder(request: DeskRequest, pk: int) -> HttpResponse:
    """The draft where there is one, else what is in force; saving keeps a draft."""
    found = services.access_ladder(request.user, pk)
    kept = draft_of(found)
    if request.method != "POST":
        draft = LadderDraft.of(read_terms(kept.terms) if kept else terms_of(found), stamp(kept))
        return _editor(request, found, draft, request.GET)
    draft = LadderDraft.posted(request.POST)
    verb, _colon, which = request.POST.get("do", "" if request.htmx else "save").partition(":")
    if verb in VERBS:
        VERBS[verb](draft, which)
    return _saved(request, found, draft) if verb == "save" else _editor(request, found, draft, request.POST)


@require_POST
@rules_page
def publish(request: DeskRequest, pk: int) -> HttpResponse:
    """It acts from now on. A hole that it opens is confirmed with a reason, on the page that comes back."""
    found = services.access_ladder(request.user, pk)

    def act(reason: str) -> Any:
        seen = request.POST.get("seen", "")
        return services.publish_draft(user=request.user, pk=pk, seen=seen, reason=reason, now=clock.now())

    return _acted(request, found, act)


@require_POST
@rules_page
def return_to(request: DeskRequest, pk: int) -> HttpResponse:
    found = services.access_ladder(request.user, pk)
    number = request.POST.get("number", "")
    version = whole(number) or 0

    def act(reason: str) -> Any:
        return services.return_to(user=request.user, pk=pk, version=version, reason=reason, now=clock.now())

    return _acted(request, found, act, number=version)


@require_POST
@rules_page
def discard(request: DeskRequest, pk: int) -> HttpResponse:
    services.discard_draft(user=request.user, pk=pk)
    say(request, _("The draft is gone."))
    return redirect("desk:ladder", pk)


def _acted(request: DeskRequest, found: Ladder, act: Callable[[str], Any], number: int = 0) -> HttpResponse:
    """Published, or the page again with what stands in the way; `number` where an earlier version is meant."""
    reason = request.POST.get("reason", "")
    kept = draft_of(found)
    draft = LadderDraft.of(read_terms(kept.terms) if kept else terms_of(found), stamp(kept))
    try:
        version = act(reason)
    except OpensHolesError as error:
        return _editor(request, found, draft, request.GET, opens=error, number=number, status=CONFLICT)
    except NotAllowedNow as error:
        return _editor(request, found, draft, request.GET, problems={"": [str(error)]}, status=CONFLICT)
    except InvalidInput as error:
        return _editor(request, found, draft, request.GET, problems=error.errors, status=BAD_INPUT)
    say(request, _("Version %(n)d is in force; what is open keeps the levels that it has.") % {"n": version.number})
    return redirect("desk:ladder", found.pk)


def _saved(request: DeskRequest, found: Ladder, draft: LadderDraft) -> HttpResponse:
    try:
        services.save_draft(user=request.user, pk=found.pk, terms=draft.terms(), seen=draft.seen, now=clock.now())
    except InvalidInput as error:
        return _editor(request, found, draft, request.POST, problems=error.errors, status=BAD_INPUT)
    except NotAllowedNow as error:
        return _overtaken(request, found, draft, str(error))
    say(request, _("The draft is saved. It acts as soon as it is published."))
    return redirect("desk:ladder", found.pk)


def _overtaken(request: DeskRequest, found: Ladder, draft: LadderDraft, sentence: str) -> HttpResponse:
    """Somebody else has saved meanwhile: shown beside what was typed, which saves over it the next time."""
    theirs = draft_of(found)
    draft.seen = stamp(theirs)
    kept = read_terms(theirs.terms) if theirs else terms_of(found)
    shown = differences(kept, draft)
    return _editor(request, found, draft, request.POST, problems={"": [sentence]}, theirs=shown, status=CONFLICT)


def _editor(
    request: DeskRequest,
    found: Ladder,
    draft: LadderDraft,
    given: QueryDict,
    *,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    now: datetime = clock.now()
    asked = Asked.read(given, now)
    look = editor_look(found, draft, asked, now, **shown)
    context = {"ladder": found, "draft": draft, "look": look, "asked": asked, "kept": draft_of(found), "now": now}
    return show_settings(request, "desk/settings/ladder.html", {**context, "in_force": in_force(found)}, status=status)
