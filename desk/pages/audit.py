"""Every change of the desk's set-up: who, what, before, after; and back to what it was. For administrators."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.models import ConfigurationChange
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, admin_page, say, show_settings
from desk.looks.settings.audit import Asked, audit_look, line_of, lines_of
from desk.returns import elsewhere, return_to, ways_back, why_not

_ASKED = ("who", "what", "since", "until")


@require_safe
@admin_page
def audit(request: DeskRequest) -> HttpResponse:
    given = {name: request.GET.get(name, "")[:200] for name in (*_ASKED, "before")}
    asked = Asked(**given)
    kept = urlencode({name: given[name] for name in _ASKED if given[name]})
    return show_settings(request, "desk/settings/audit.html", {"look": audit_look(asked), "asked": asked, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """One change with all that it says; the button puts the row back."""
    found = ConfigurationChange.objects.select_related("by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    if request.method != "POST":
        return _show(request, found)
    try:
        row = return_to(found, side=request.POST.get("side", ""), by=request.user)
    except NotAllowedNow as error:
        return _show(request, found, status=CONFLICT, wrong=_sentences(error))
    except InvalidInput as error:
        return _show(request, found, status=BAD_INPUT, wrong=_sentences(error))
    say(request, _("“%(name)s” is as it was; that is a change of its own.") % {"name": row})
    return redirect("desk:audit")


def _show(request: DeskRequest, found: ConfigurationChange, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "line": lines_of([found])[0],
        "ways": [(way.side, line_of(found.model, way.was, way.becomes)) for way in ways_back(found)],
        "why_not": why_not(found),
        "elsewhere": elsewhere(found),
        **more,
    }
    return show_settings(request, "desk/settings/audit_one.html", context, status=status)


def _sentences(error: DomainError) -> list[str]:
    return [one for said in error.errors.values() for one in said] if isinstance(error, InvalidInput) else [str(error)]
