"""What colleagues know, as the API shows it: articles in their versions, and the guide that an escalation follows."""

from typing import Annotated, Any, TypedDict, cast

from api.ask import instant, moment
from api.shapes.basic import Day, Moment, Url
from escalation.models import Escalation
from escalation.procedures.guides import steps_of
from knowledge.enums import Readers
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
    """`version` is the one in force, if any is; `translates` the short name of the article that was written first."""

    slug: str
    title: str
    version: int | None
    readers: Annotated[str, Readers]
    language: str
    translates: str | None
    review_on: Day | None
    archived_at: Moment | None
    updated_at: Moment


class ArticleList(TypedDict):
    results: list[ArticleLine]
    next: Url | None


class ArticleShape(ArticleLine):
    """The newest version first. A customer's program is given the one in force alone, and nobody's name."""

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
        "readers": article.readers,
        "language": article.language,
        "translates": article.translates.slug if article.translates else None,
        "review_on": article.review_on.isoformat() if article.review_on else None,
        "archived_at": moment(article.archived_at),
        "updated_at": instant(article.updated_at),
    }


def article_shape(article: Article) -> ArticleShape:
    versions = article.versions.select_related("author", "approved_by")
    return {**article_line(article), "versions": [version_shape(version) for version in versions]}


def answer_line(article: Article) -> ArticleLine:
    """The same for a customer, to whom our dates of review are nothing."""
    return {**article_line(article), "review_on": None}


def answer_shape(article: Article) -> ArticleShape:
    """What is in force, without what is said among colleagues about it."""
    quiet: dict[str, Any] = {"reason": "", "author": None, "approved_by": None}
    said = [{**version_shape(article.current), **quiet}] if article.current else []
    return cast(ArticleShape, {**answer_line(article), "versions": said})


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
