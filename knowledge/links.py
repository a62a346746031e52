"""Where an article leads: links to itself, and to what is not there for its readers (said to its author). Pure but for
the question which articles there are."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from common.addresses import taken_apart
from knowledge.enums import Readers
from knowledge.markdown import targets
from knowledge.models import Article

_ARTICLE = re.compile(r"^/(help/)?articles/([-\w]+)/?$", re.ASCII)


def complaints(article: Article, body: str) -> list[str]:
    """One sentence for each link that leads nowhere; nothing where all are well."""
    named = dict.fromkeys(slug for target in targets(body) if (slug := _slug(target)))
    there = {one.slug: one for one in Article.objects.in_use().filter(slug__in=named)}
    return [said for slug in named if (said := _complaint(article, slug, there.get(slug)))]


def _complaint(article: Article, slug: str, found: Article | None) -> str:
    if slug == article.slug:
        return _("The article links to itself.")
    if found is None:
        return _("It links to “%(slug)s”, which is not there or was archived.") % {"slug": slug}
    if _rank(found) < _rank(article):
        return _("It links to “%(slug)s”, which its readers may not read.") % {"slug": slug}
    return ""


def _rank(article: Article) -> int:
    return list(Readers).index(Readers(article.readers))


def _slug(target: str) -> str:
    parts = taken_apart(target)
    if parts.netloc and parts.netloc != urlsplit(settings.BASE_URL).netloc:
        return ""
    match = _ARTICLE.match(parts.path)
    return match[2] if match else ""
