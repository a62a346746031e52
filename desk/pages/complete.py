"""What could stand at the caret of the search box, for the script that offers it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, desk_page
from tickets.search.completion import complete


@require_safe
@desk_page
def complete_query(request: DeskRequest) -> HttpResponse:
    query, caret = request.GET.get("q", ""), request.GET.get("at", "")
    at = int(caret) if caret.isascii() and caret.isdigit() and len(caret) < 4 else len(query)
    found = complete(request.user, query, at)
    return JsonResponse({"found": [{"text": one.text, "start": one.start, "end": one.end} for one in found]})
