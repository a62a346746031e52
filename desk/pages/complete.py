"""What could stand at the caret of the search box, for the script that offers it."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from common.numbers import whole
from desk.answers import DeskRequest, desk_page
from tickets.search.completion import complete


@require_safe
@desk_page
def complete_query(request: DeskRequest) -> HttpResponse:
    query, caret = request.GET.get("q", ""), request.GET.get("at", "")
    at = whole(caret, 3)
    found = complete(request.user, query, len(query) if at is None else at)
    return JsonResponse({"found": [{"text": one.text, "start": one.start, "end": one.end} for one in found]})
