"""The lines of the rail by themselves, for a page whose figures have changed since it was made."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, desk_page, show


@require_safe
@desk_page
def rail(request: DeskRequest) -> HttpResponse:
    """Which line is the current one is told by the page that asks."""
    return show(request, "desk/rail.html", {})
