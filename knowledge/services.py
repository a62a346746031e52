"""The front doors' way to what colleagues know: the right, then the action."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from knowledge import actions, settling
from knowledge import permissions as may
from knowledge.actions import Draft
from knowledge.models import Article, ArticleVersion
from knowledge.querysets import ArticleQuerySet
from knowledge.settling import Terms
from people.models import User


def access_article(user: User, slug: str) -> Article:
    """For everybody at the desk, and for no customer; absent and forbidden are alike."""
    article = Article.objects.named(slug) if may.may_write(user) else None
    if article is None:
        raise NotFound(_("There is nothing here for you."))
    return article


def inside(user: User, language: str) -> ArticleQuerySet:
    """What holds for whoever works at the desk, each text once, in this language where there is one."""
    if not may.may_write(user):
        return Article.objects.none()
    return Article.objects.in_use().filter(current__isnull=False).in_language(language).without_index()


def access_version(user: User, slug: str, number: int) -> ArticleVersion:
    versions = access_article(user, slug).versions.select_related("article__current", "author", "approved_by")
    version = versions.filter(number=number).first()
    if version is None:
        raise NotFound(_("There is nothing here for you."))
    return version


def outside(reader: User | None, language: str) -> ArticleQuerySet:
    """What the portal shows to this person or to a stranger, each text once, in his language where there is one."""
    return Article.objects.outside_for(reader).in_language(language).without_index()


def access_outside(reader: User | None, slug: str, language: str) -> Article:
    """What is in force of an article on the portal, or of its translation into this language.

    Absent, internal, archived and not yet approved are alike.
    """
    named = access_named(reader, slug)
    if named.language == language:
        return named
    shown = Article.objects.outside_for(reader).select_related("current").family_of(named)
    return shown.filter(language=language).first() or named


def access_named(reader: User | None, slug: str) -> Article:
    """The same of this very article, whatever its language is."""
    named = Article.objects.outside_for(reader).select_related("current", "translates").filter(slug=slug).first()
    if named is None:
        raise NotFound(_("There is nothing here for you."))
    return named


def in_other_languages(reader: User | None, article: Article) -> ArticleQuerySet:
    """Its translations, and what it translates, for the same reader."""
    return Article.objects.outside_for(reader).family_of(article).exclude(pk=article.pk).order_by("language")


def settle(*, user: User, slug: str, terms: Terms) -> Article:
    check_veteran(user, slug)
    return settling.settle(slug=slug, terms=terms, by=user)


def archive(*, user: User, slug: str, is_archived: bool, now: datetime) -> Article:
    check_veteran(user, slug)
    return settling.archive(slug=slug, is_archived=is_archived, by=user, now=now)


def check_veteran(user: User, slug: str) -> None:
    """Whoever may say for whom an article is: who may approve one that another has written."""
    access_article(user, slug)
    if not may.is_veteran(user):
        raise Refused(_("Only a manager or the lead of a team may say for whom an article is."))


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
