"""The calls about training: which articles to read against which cause, and that one has been read (R93)."""

from http import HTTPStatus
from typing import TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from api.ask import Ask, moment
from api.endpoint import Call, endpoint
from api.fields import Input, Text, WholeNumber
from api.pagination import PageParameters, page
from api.shapes.basic import Moment, Url
from common.errors import NotFound
from escalation.models import Training, TrainingDone
from escalation.services import training
from people.enums import Role
from people.models import User


class TrainingShape(TypedDict):
    """`version` is the one that holds, and `read_at` when the caller has read it.

    `suggestion` is the id of the recommendation that it answers.
    """

    id: int
    article: str
    title: str
    version: int
    cause: str
    read_at: Moment | None
    suggestion: int | None


class TrainingPage(TypedDict):
    results: list[TrainingShape]
    next: Url | None


class TrainingInput(Input):
    article = Text(max_length=60)
    cause = Text(max_length=40)
    suggestion = WholeNumber(required=False, min_value=1, max_value=2**62)


class ReadInput(Input):
    version = WholeNumber(min_value=1, max_value=2**31 - 1)


class TrainingParameters(PageParameters):
    cause = Text(required=False, max_length=40)


def list_trainings(ask: Ask) -> TrainingPage:
    """The articles in force that are linked to causes; the newest link first."""
    found = _trainings(ask.user)
    if cause := ask.parameters.get("cause"):
        found = found.filter(cause=cause)
    results, next_ = page(found, ask, _shape)
    return {"results": list(results), "next": next_}


def link_training(ask: Ask) -> TrainingShape:
    """By the article's short name and the cause's key; it is in the audit log.

    With `suggestion`, a recommendation about training that is to be done, that one is taken up with it and done.
    """
    given = dict(ask.given)
    pk = given.pop("suggestion", None)
    made = (
        training.link(user=ask.user, **given)
        if pk is None
        else training.take_up(user=ask.user, pk=pk, now=ask.now, **given)
    )
    return _shape(_trainings(ask.user).get(pk=made.pk))


def unlink_training(ask: Ask, pk: int) -> TrainingShape:
    """It is suggested no more; who has read it stays on record."""
    row = _trainings(ask.user).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    shape = _shape(row)
    training.unlink(user=ask.user, pk=pk)
    return shape


def complete_training(ask: Ask, slug: str) -> TrainingPage:
    """The caller has read the article in this version; said twice, it counts once. 409 where a newer one holds.

    Answers its row under each cause.
    """
    training.complete(user=ask.user, slug=slug, version=ask.given["version"], now=ask.now)
    return {"results": [_shape(row) for row in _trainings(ask.user).filter(article__slug=slug)], "next": None}


def _trainings(user: User) -> "QuerySet[Training]":
    mine = TrainingDone.objects.filter(person=user, version=OuterRef("article__current"))
    known = Training.objects.in_force().select_related("article__current")
    return known.annotate(read_at=Subquery(mine.values("at")[:1]))


def _shape(row: Training) -> TrainingShape:
    current = row.article.current
    return {
        "id": row.pk,
        "article": row.article.slug,
        "title": row.article.title,
        "version": current.number if current else 0,
        "cause": row.cause,
        "read_at": moment(getattr(row, "read_at", None)),
        "suggestion": row.suggestion_id,
    }


trainings = endpoint(
    GET=Call(list_trainings, Role.AGENT, TrainingPage, parameters=TrainingParameters),
    POST=Call(link_training, Role.STEWARD, TrainingShape, status=HTTPStatus.CREATED, body=TrainingInput),
)
one = endpoint(DELETE=Call(unlink_training, Role.STEWARD, TrainingShape, sees=Role.STEWARD))
reading = endpoint(POST=Call(complete_training, Role.AGENT, TrainingPage, body=ReadInput, sees=Role.AGENT))
