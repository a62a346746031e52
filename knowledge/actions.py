"""Writing how something is done, and agreeing on it (R70): lock the article, add a version or approve one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from common.words import BREAK, document
from knowledge import steps
from knowledge.markdown import plain
from knowledge.models import Article, ArticleVersion, ArticleWord
from people.models import User

TITLE_LIMIT, SLUG_LIMIT, ARTICLE_LIMIT, REASON_LIMIT = 160, 60, 100_000, 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants an article to say; each step with whether it may be left out."""

    title: str
    body: str
    steps: Sequence[tuple[str, bool]] = ()
    reason: str = ""


@transaction.atomic
def write(*, slug: str, draft: Draft, by: User, now: datetime, based_on: int | None = None) -> ArticleVersion:
    """A new article, or the next version of the one with this short name. It holds once another has approved it.

    From the second version on it says why. Raises NotAllowedNow where `based_on` is not the newest version any more.
    """
    words = _checked(slug, draft)
    article = Article.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    newest = article.versions.first() if article else None
    if newest is not None and based_on is not None and based_on != newest.number:
        raise NotAllowedNow(
            _("%(who)s has written version %(n)d meanwhile: look at it, then write yours.")
            % {"who": newest.author or _("Somebody"), "n": newest.number}
        )
    if newest is not None and not draft.reason.strip():
        raise InvalidInput.of("reason", _("Say what changed, and why."))
    article = article or Article(slug=slug, owner=by, language=by.language)
    article.title = article.title if article.current_id else words["title"]
    article.updated_at = now
    article.save()
    return ArticleVersion.objects.create(
        article=article, number=newest.number + 1 if newest else 1, author=by, written_at=now, **words
    )


@transaction.atomic
def approve(*, slug: str, number: int, by: User, now: datetime) -> ArticleVersion:
    """Agreed: from now on this version holds. Never by its author; what is older than the one that holds stays past."""
    article = Article.objects.select_for_update(of=("self",)).get(slug=slug)
    version = article.versions.get(number=number)
    if version.author_id == by.pk:
        raise NotAllowedNow(_("Nobody approves what he has written himself."))
    if version.approved_at is not None:
        return version
    if article.current is not None and article.current.number > number:
        raise NotAllowedNow(_("Version %(n)d is in force already.") % {"n": article.current.number})
    version.approved_by, version.approved_at = by, now
    version.save(update_fields=["approved_by", "approved_at"])
    article.title, article.updated_at = version.title, now
    _put_in_force(article, version)
    return version


@transaction.atomic
def bring_in(*, slug: str, draft: Draft, by: User | None, now: datetime) -> ArticleVersion:
    """What was agreed on elsewhere holds at once: whoever brings it in answers for it, and its author is unknown."""
    words = _checked(slug, draft)
    article = Article.objects.select_for_update(of=("self",)).filter(slug=slug).first() or Article(slug=slug)
    newest = article.versions.first() if article.pk else None
    article.title, article.updated_at = words["title"], now
    article.save()
    version = ArticleVersion.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        written_at=now,
        approved_by=by,
        approved_at=now,
        **words,
    )
    _put_in_force(article, version)
    return version


def _put_in_force(article: Article, version: ArticleVersion) -> None:
    article.current = version
    article.save(update_fields=["current", "title", "updated_at"])
    make_findable(article)


def make_findable(article: Article) -> None:
    """What it says by now is found by its words from now on; in the caller's transaction."""
    said = article.current
    title, text = (document(said.title), document(said.title, plain(said.body))) if said else ("", "")
    article.title_words, article.words = f" {title} ", f" {text} "
    article.save(update_fields=["title_words", "words"])
    in_title = set(title.split())
    ArticleWord.objects.filter(article=article).delete()
    ArticleWord.objects.bulk_create(
        [
            ArticleWord(article=article, word=word, in_title=word in in_title)
            for word in sorted(set(text.split()) - {BREAK})
        ],
        batch_size=500,
    )


def _checked(slug: str, draft: Draft) -> dict[str, Any]:
    if not slug or len(slug) > SLUG_LIMIT:
        raise InvalidInput.of("slug", _("An article needs a short name of at most 60 characters."))
    return {
        "title": one_line(draft.title, field="title", limit=TITLE_LIMIT),
        "body": many_lines(draft.body, field="body", limit=ARTICLE_LIMIT),
        "steps": steps.kept(draft.steps),
        "reason": one_line(draft.reason, field="reason", limit=REASON_LIMIT) if draft.reason.strip() else "",
    }
