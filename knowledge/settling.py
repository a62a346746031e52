"""For whom an article is, in which language, and how long it is trusted: checked, kept, and told in the audit trail."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuring import configure
from common.errors import InvalidInput
from knowledge.models import Article
from people.models import User


class Terms(TypedDict, total=False):
    """What is not named stays as it is."""

    readers: str
    language: str
    translates: Article | None
    owner: User | None
    review_on: date | None


@transaction.atomic
def settle(*, slug: str, terms: Terms, by: User | None) -> Article:
    """InvalidInput where one text would stand in one language twice, or a translation be translated."""
    article = Article.objects.select_for_update(of=("self",)).get(slug=slug)
    _check_family(article, {**_family_of(article), **terms})
    return configure(article, by=by, **terms)


@transaction.atomic
def archive(*, slug: str, is_archived: bool, by: User | None, now: datetime) -> Article:
    """Nobody outside finds it any more, and colleagues among the archived ones; or it is back."""
    article = Article.objects.select_for_update(of=("self",)).get(slug=slug)
    if is_archived == (article.archived_at is not None):
        return article
    return configure(article, by=by, archived_at=now if is_archived else None)


def _family_of(article: Article) -> Terms:
    return {"language": article.language, "translates": article.translates}


def _check_family(article: Article, terms: Mapping[str, object]) -> None:
    original, language = terms["translates"], terms["language"]
    if isinstance(original, Article):
        _check_original(article, original)
    root = original if isinstance(original, Article) else article
    family = [root, *root.translations.all()]
    twin = next((one for one in family if one.pk != article.pk and one.language == language), None)
    if twin is not None:
        raise InvalidInput.of("language", _("“%(title)s” says it in this language already.") % {"title": twin.title})


def _check_original(article: Article, original: Article) -> None:
    if original.pk == article.pk:
        raise InvalidInput.of("translates", _("An article is no translation of itself."))
    if original.translates_id is not None:
        raise InvalidInput.of("translates", _("This is a translation itself: name what it translates."))
    if article.translations.exists():
        raise InvalidInput.of("translates", _("It has translations of its own: those would lose what they translate."))
