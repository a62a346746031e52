"""The front doors' way to what colleagues know: the right, then the action."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from knowledge import actions
from knowledge import permissions as may
from knowledge.actions import Draft
from knowledge.models import Article, ArticleVersion
from people.models import User


def access_article(user: User, slug: str) -> Article:
    """For everybody at the desk, and for no customer; absent and forbidden are alike."""
    article = Article.objects.named(slug) if may.may_write(user) else None
    if article is None:
        raise NotFound(_("There is nothing here for you."))
    return article


def access_version(user: User, slug: str, number: int) -> ArticleVersion:
    versions = access_article(user, slug).versions.select_related("article__current", "author", "approved_by")
    version = versions.filter(number=number).first()
    if version is None:
        raise NotFound(_("There is nothing here for you."))
    return version


def write(*, user: User, slug: str, draft: Draft, now: datetime, based_on: int | None = None) -> ArticleVersion:
    if not may.may_write(user):
        raise NotFound(_("There is nothing here for you."))
    return actions.write(slug=slug, draft=draft, by=user, now=now, based_on=based_on)


def approve(*, user: User, slug: str, number: int, now: datetime) -> ArticleVersion:
    version = access_version(user, slug, number)
    if version.author_id == user.pk:
        raise Refused(_("Nobody approves what he has written himself."))
    if not may.may_approve(user, version):
        raise Refused(_("Only a manager or the lead of a team may approve it."))
    return actions.approve(slug=slug, number=number, by=user, now=now)
