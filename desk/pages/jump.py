"""Search or jump to: one box for tickets, people and places. A page of its own without script."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, desk_page, show
from desk.looks.jump import goals

LONGEST = 300
TEMPLATES = {True: "desk/jump/goals.html", False: "desk/jump/page.html"}


@require_safe
@desk_page
def jump(request: DeskRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST]
    fragment = bool(request.htmx) and not request.htmx.boosted
    return show(request, TEMPLATES[fragment], {"sections": goals(request.user, text), "text": text, "live": fragment})
