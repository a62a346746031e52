"""The editor of conditions inside whatever form it stands in: the same rows again, and what they would take."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from common import clock
from common.errors import InvalidInput
from desk.answers import DeskRequest, admin_page, show
from desk.forms.conditions import ConditionRows
from desk.looks.conditions import found_words


@require_POST
@admin_page
def conditions(request: DeskRequest) -> HttpResponse:
    """Nothing is kept. A row that was just added is not blamed for being empty."""
    editor, found = ConditionRows.read(request.POST), ""
    try:
        found = found_words(editor.conditions(), clock.now())
    except InvalidInput:
        if ConditionRows.is_being_edited(request.POST):
            editor.errors = []
    return show(request, "desk/settings/conditions.html", {"editor": editor, "found": found})
