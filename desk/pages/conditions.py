"""The editor of conditions inside whatever form it stands in: the same rows again, and what they would take."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from common import clock
from common.errors import InvalidInput
from common.numbers import whole
from desk.answers import DeskRequest, rules_page, show
from desk.forms.conditions import ConditionRows
from desk.looks.rules.conditions import found_words
from desk.looks.rules.criteria import dry_run_words
from desk.looks.rules.reach import standing_words
from sla.models import Policy
from sla.policies import terms_of


@require_POST
@rules_page
def conditions(request: DeskRequest) -> HttpResponse:
    """Nothing is kept. A row that was just added is not blamed for being empty."""
    editor, found = ConditionRows.read(request.POST), ""
    now = clock.now()
    try:
        asked = editor.conditions()
        found = dry_run_words(asked, now) if editor.with_signals else _found(request, asked, now)
    except InvalidInput:
        if ConditionRows.is_being_edited(request.POST):
            editor.errors = []
    return show(request, "desk/settings/conditions.html", {"editor": editor, "found": found})


def _found(request: DeskRequest, asked: dict[str, Any], now: datetime) -> str:
    return f"{found_words(asked, now)} {_standing(request.POST.get('policy', ''), asked, now)}".strip()


def _standing(policy: str, asked: dict[str, Any], now: datetime) -> str:
    """In a policy's form: when these conditions would be asked, as the policy stands."""
    found = Policy.objects.filter(pk=whole(policy) or 0).first()
    version = found.versions.select_related("calendar").order_by("-number").first() if found else None
    return standing_words(found, replace(terms_of(version), conditions=asked), now) if found and version else ""
