from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import many_lines, one_line
from knowledge.models import Article
from people.models import User

ARTICLE_LIMIT = 100_000


@transaction.atomic
def write_article(*, slug: str, title: str, body: str, now: datetime, approved_by: User | None = None) -> Article:
    """A new article, or the next version of the one with this short name; InvalidInput with nothing stored."""
    title = one_line(title, field="title", limit=160)
    body = many_lines(body, field="body", limit=ARTICLE_LIMIT)
    if not slug or len(slug) > 60:
        raise InvalidInput.of("slug", _("An article needs a short name of at most 60 characters."))
    article = Article.objects.select_for_update().filter(slug=slug).first()
    if article is None:
        return Article.objects.create(slug=slug, title=title, body=body, approved_by=approved_by, updated_at=now)
    article.title, article.body, article.approved_by = title, body, approved_by
    article.version += 1
    article.updated_at = now
    article.save(update_fields=["title", "body", "approved_by", "version", "updated_at"])
    return article
