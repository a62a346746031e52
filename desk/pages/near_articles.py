"""Articles beside the composer: what is near the question, found by words, and put into what is being written."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput, NotFound
from common.text import BODY_LIMIT
from desk.answers import DeskRequest, desk_page, show
from desk.looks.inbox.neighbours import again
from desk.looks.ticket.near_articles import is_inside, link_to, near, text_of
from knowledge.models import Article
from knowledge.services import access_article
from tickets import composer
from tickets.enums import DraftKind
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

LONGEST_QUERY = 200
LINK, TEXT = "link", "text"


@require_safe
@desk_page
def ticket_articles(request: DeskRequest, number: int) -> HttpResponse:
    """Beside the composer those that are near, or all of a search: a dialog over the page, or a page of its own."""
    ticket = access_ticket(request.user, number, can=May.WORK)
    q = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    part = "near" if request.htmx and request.GET.get("part") == "near" else "dialog"
    kind = DraftKind.NOTE if request.GET.get("kind") == DraftKind.NOTE else DraftKind.REPLY
    context = {"ticket": ticket, "q": q, "rows": near(ticket, request.user, q=q, kind=kind), "kind": kind}
    return show(request, f"desk/ticket/articles_{part}.html", context)


def insert(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """Put `article` (`link:short-name`, `text:short-name`) below what is written.

    What is for colleagues alone goes into a reply only when somebody has read that it is (`sure`).
    """
    what, _colon, slug = request.POST["article"].partition(":")
    found = access_article(request.user, slug)
    if what not in {LINK, TEXT} or found.current is None or found.archived_at is not None:
        raise NotFound(_("There is nothing here for you."))
    kind, body = request.POST.get("kind", DraftKind.REPLY), request.POST.get("body")
    is_held = kind != DraftKind.NOTE and is_inside(found) and "sure" not in request.POST
    words = "" if is_held else link_to(found, kind) if what == LINK else text_of(found)
    refused = ""
    if len(body or "") + len(words) > BODY_LIMIT:
        words, refused = "", _("This is too long: at most %(limit)d characters.") % {"limit": BODY_LIMIT}
    try:
        composer.insert_text(user=request.user, number=ticket.number, text=words, kind=kind, body=body, now=clock.now())
    except InvalidInput as error:
        refused = str(error)
    if is_held or refused:
        return _asked(request, ticket, found, what, refused)
    return redirect(again(request, ticket.number, kind=kind) + "#composer")


def _asked(request: DeskRequest, ticket: Ticket, article: Article, what: str, refused: str) -> HttpResponse:
    context = {"ticket": ticket, "article": article, "is_text": what == TEXT, "refused": refused}
    return show(request, "desk/ticket/article_inside.html", context, status=422 if refused else 200)
