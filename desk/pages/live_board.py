"""The live board, for managers: where it presses now, and what is unusual (R87)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import Refused
from desk.answers import DeskRequest, desk_page, show
from desk.looks.reports.live_board import board_look
from reports import live


@require_safe
@desk_page
def live_page(request: DeskRequest) -> HttpResponse:
    if not request.user.is_manager:
        raise Refused
    now = clock.now()
    context = {"look": board_look(live.board(request.user, now=now)), "now": now}
    template = "desk/live_board/figures.html" if request.htmx else "desk/live_board/page.html"
    return show(request, template, context)
