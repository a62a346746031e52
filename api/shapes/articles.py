"""What colleagues know, as the API shows it: articles in their versions, and the guide that an escalation follows."""

from typing import TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Url
from escalation.models import Escalation
from escalation.procedures.guides import steps_of
from knowledge.models import Article, ArticleVersion


class StepShape(TypedDict):
    number: int
    sentence: str
    required: bool


class VersionShape(TypedDict):
    """`approved_by` is null while it waits: then it holds for nobody."""

    number: int
    title: str
    body: str
    steps: list[StepShape]
    reason: str
    author: str | None
    written_at: Moment
    approved_by: str | None
    approved_at: Moment | None


class ArticleLine(TypedDict):
    """`version` is the one in force, if any is."""

    slug: str
    title: str
    version: int | None
    updated_at: Moment


class ArticleList(TypedDict):
    results: list[ArticleLine]
    next: Url | None


class ArticleShape(ArticleLine):
    """The newest version first."""

    versions: list[VersionShape]


class GuideStep(TypedDict):
    """`ticked_by` is null while the step is open."""

    number: int
    sentence: str
    required: bool
    ticked_by: str | None
    ticked_at: Moment | None


class GuideShape(TypedDict):
    """The version that was in force when the escalation began, with who took which step."""

    article: str
    version: int
    title: str
    steps: list[GuideStep]


def article_line(article: Article) -> ArticleLine:
    return {
        "slug": article.slug,
        "title": article.title,
        "version": article.current.number if article.current else None,
        "updated_at": instant(article.updated_at),
    }


def article_shape(article: Article) -> ArticleShape:
    versions = article.versions.select_related("author", "approved_by")
    return {**article_line(article), "versions": [version_shape(version) for version in versions]}


def version_shape(version: ArticleVersion) -> VersionShape:
    return {
        "number": version.number,
        "title": version.title,
        "body": version.body,
        "steps": [{"number": one.number, "sentence": one.sentence, "required": one.required} for one in version.guide],
        "reason": version.reason,
        "author": version.author.email if version.author else None,
        "written_at": instant(version.written_at),
        "approved_by": version.approved_by.email if version.approved_by else None,
        "approved_at": moment(version.approved_at),
    }


def guide_shape(escalation: Escalation) -> GuideShape | None:
    if escalation.guide is None:
        return None
    return {
        "article": escalation.guide.article.slug,
        "version": escalation.guide.number,
        "title": escalation.guide.title,
        "steps": [
            {
                "number": step.number,
                "sentence": step.sentence,
                "required": step.required,
                "ticked_by": step.tick.by.email if step.tick and step.tick.by else None,
                "ticked_at": moment(step.tick.at) if step.tick else None,
            }
            for step in steps_of(escalation)
        ],
    }
