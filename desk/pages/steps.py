"""Step conditions: what is asked before each of the four steps is left, procedure by procedure (R16)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, rules_page, show_settings
from desk.looks.step_conditions import procedure_lines


@require_safe
@rules_page
def steps(request: DeskRequest) -> HttpResponse:
    """To be read at one look; each procedure is changed on its own page."""
    return show_settings(request, "desk/settings/steps.html", {"lines": procedure_lines()})
