"""One article of the knowledge base, such as a procedure's guide."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from knowledge.markdown import to_html
from knowledge.models import Article


@require_safe
@desk_page
def article(request: DeskRequest, slug: str) -> HttpResponse:
    found = Article.objects.named(slug)
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return show(request, "desk/article.html", {"article": found, "html": to_html(found.body)})
