"""The calls of what is learned after severe escalations: reviews, and what was decided until it is done (R92)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, TypedDict

from api.ask import Ask, instant, moment
from api.calls.recommendations import RecommendationShape, known
from api.endpoint import Call, endpoint
from api.fields import AwareTime, Choice, Email, Input, LongText, NumberParameter, Text, WholeNumber, YesNo
from api.pagination import PageParameters, page
from api.shapes.basic import Moment, Url
from common.errors import NotFound
from escalation.close.reviews import LESSONS_FOR_LIMIT, REASON_LIMIT, review_of
from escalation.deadlines.reviews import terms
from escalation.enums import Avoidable, LearnedIn, RecommendedFor, ReviewState
from escalation.models import Review, ReviewTerms, TrackedAction
from escalation.models.reviews import MOST_DAYS
from escalation.permissions import access_escalation, actions_for, reviews_for
from escalation.querysets import ReviewQuerySet
from escalation.services import reviewing as services
from people.enums import Role

REVIEW_STATES: Mapping[str, Callable[[ReviewQuerySet], ReviewQuerySet]] = {
    "open": ReviewQuerySet.open,
    "done": ReviewQuerySet.done,
    "waived": ReviewQuerySet.waived,
}


class TrackedShape(TypedDict):
    """`learned_in` the analysis or the review of the escalation; `task` is a ticket's number."""

    id: int
    escalation: int
    learned_in: Annotated[str, LearnedIn]
    title: str
    owner: str | None
    due_at: Moment | None
    done_at: Moment | None
    is_overdue: bool
    task: int | None


class EscalationReviewShape(TypedDict):
    """`waiting`: the escalation was reopened, and the review is due again after its next close.

    `waive_reason` says why one that is `waived` is owed no more, and is empty otherwise.
    """

    escalation: int
    state: Annotated[str, ReviewState]
    owner: str | None
    called_at: Moment
    due_at: Moment
    went_well: str
    went_badly: str
    next_contact: str
    avoidable: Annotated[str, Avoidable] | None
    lessons_for: str
    done_at: Moment | None
    done_by: str | None
    waived_at: Moment | None
    waived_by: str | None
    waive_reason: str


class EscalationReviewPage(TypedDict):
    results: list[EscalationReviewShape]
    next: Url | None


class TrackedPage(TypedDict):
    results: list[TrackedShape]
    next: Url | None


class ReviewTermsShape(TypedDict):
    """Down to which `severity` a review is called for, null for none; `calendar` is the id of the working days'."""

    severity: int | None
    days: int
    calendar: int | None


class AnswersInput(Input):
    """What is not given stays as it is."""

    went_well = LongText(required=False, allow_blank=True)
    went_badly = LongText(required=False, allow_blank=True)
    next_contact = LongText(required=False, allow_blank=True)
    avoidable = Choice(Avoidable.choices, required=False, allow_blank=True)
    lessons_for = Text(required=False, allow_blank=True, max_length=LESSONS_FOR_LIMIT)


class GiveInput(Input):
    owner = Email()


class WaiveInput(Input):
    reason = LongText(max_length=REASON_LIMIT)


class NewActionInput(Input):
    title = Text(max_length=services.TITLE_LIMIT)
    owner = Email()
    due_at = AwareTime()


class ActionChangeInput(Input):
    """Whose it is and until when; `done` ticks it, or takes the tick back."""

    owner = Email(required=False)
    due_at = AwareTime(required=False)
    done = YesNo(required=False)


class LessonInput(Input):
    about = Choice(RecommendedFor.choices)


class ReviewTermsInput(Input):
    severity = WholeNumber(required=False, allow_null=True, min_value=1, max_value=4)
    days = WholeNumber(required=False, min_value=1, max_value=MOST_DAYS)
    calendar = WholeNumber(required=False, allow_null=True, min_value=1, max_value=2**62)


class ReviewParameters(PageParameters):
    state = Choice([(name, name) for name in REVIEW_STATES], default="open")


class ActionParameters(PageParameters):
    state = Choice([("open", "open"), ("done", "done")], default="open")
    whose = Choice([("all", "all"), ("mine", "mine")], default="all")
    escalation = NumberParameter(required=False, min_value=1)


def list_reviews(ask: Ask) -> EscalationReviewPage:
    """Those of the escalations that the caller sees: what is owed, `done`, or `waived`; the newest first."""
    found = REVIEW_STATES[ask.parameters["state"]](reviews_for(ask.user))
    results, next_ = page(found, ask, lambda row: _review(row, ask))
    return {"results": list(results), "next": next_}


def list_actions(ask: Ask) -> TrackedPage:
    """What was decided after escalations that the caller sees, and what is his own: open, or `done`."""
    found = actions_for(ask.user)
    found = found.done() if ask.parameters["state"] == "done" else found.open()
    if ask.parameters["whose"] == "mine":
        found = found.filter(owner=ask.user)
    if (number := ask.parameters.get("escalation")) is not None:
        found = found.filter(escalation=number)
    results, next_ = page(found, ask, lambda row: _action(row, ask))
    return {"results": list(results), "next": next_}


def show_review(ask: Ask, number: int) -> EscalationReviewShape:
    """404 where none was called for."""
    review = review_of(access_escalation(ask.user, number))
    if review is None:
        raise NotFound
    return _review(review, ask)


def write_review(ask: Ask, number: int) -> EscalationReviewShape:
    """By its owner, or the escalation manager."""
    return _review(services.write_review(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def call_for_review(ask: Ask, number: int) -> EscalationReviewShape:
    """Of what is closed, and not under review already; one that was waived is owed again."""
    return _review(services.call_for_review(user=ask.user, number=number, now=ask.now), ask)


def finish_review(ask: Ask, number: int) -> EscalationReviewShape:
    """409 while a question is without an answer."""
    return _review(services.finish_review(user=ask.user, number=number, now=ask.now), ask)


def waive_review(ask: Ask, number: int) -> EscalationReviewShape:
    """Owed no more, for a reason that stays on record; by the escalation manager."""
    return _review(services.waive_review(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def give_review(ask: Ask, number: int) -> EscalationReviewShape:
    """To a colleague who sees the escalation."""
    return _review(services.give_review(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def recommend_lesson(ask: Ask, number: int) -> RecommendationShape:
    """What is done at the next contact, into the register of recommendations; once for each `about`."""
    made = services.recommend_lesson(user=ask.user, number=number, now=ask.now, **ask.given)
    return known(ask, made)


def add_action(ask: Ask, number: int) -> TrackedShape:
    """Its owner is told, and again with the managers when it is overdue."""
    return _action(services.add_action(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def change_action(ask: Ask, pk: int) -> TrackedShape:
    """By its owner, the review's, and those who work on the escalation."""
    action = actions_for(ask.user).filter(pk=pk).first()
    if action is None:
        raise NotFound
    given = dict(ask.given)
    done = given.pop("done", None)
    if given:
        known = {"owner": action.owner.email if action.owner else "", "due_at": action.due_at, **given}
        action = services.change_action(user=ask.user, pk=pk, now=ask.now, **known)
    if done is not None:
        action = services.finish_action(user=ask.user, pk=pk, done=done, now=ask.now)
    return _action(action, ask)


def show_terms(ask: Ask) -> ReviewTermsShape:
    """Which escalations call for a review, and by when."""
    return _terms(terms())


def set_terms(ask: Ask) -> ReviewTermsShape:
    """What is not given stays; what is called for already, too. It is in the audit log."""
    given = {("calendar_id" if name == "calendar" else name): value for name, value in ask.given.items()}
    return _terms(services.set_terms(user=ask.user, **given))


def _review(review: Review, ask: Ask) -> EscalationReviewShape:
    return {
        "escalation": review.escalation_id,
        "state": review.standing(ask.now),
        "owner": review.owner.email if review.owner else None,
        "called_at": instant(review.called_at),
        "due_at": instant(review.due_at),
        "went_well": review.went_well,
        "went_badly": review.went_badly,
        "next_contact": review.next_contact,
        "avoidable": review.avoidable or None,
        "lessons_for": review.lessons_for,
        "done_at": moment(review.done_at),
        "done_by": review.done_by.email if review.done_by else None,
        "waived_at": moment(review.waived_at),
        "waived_by": review.waived_by.email if review.waived_by else None,
        "waive_reason": review.waive_reason,
    }


def _action(action: TrackedAction, ask: Ask) -> TrackedShape:
    return {
        "id": action.pk,
        "escalation": action.escalation_id,
        "learned_in": action.learned_in,
        "title": action.title,
        "owner": action.owner.email if action.owner else None,
        "due_at": moment(action.due_at),
        "done_at": moment(action.done_at),
        "is_overdue": action.is_overdue(ask.now),
        "task": action.task_id,
    }


def _terms(row: ReviewTerms) -> ReviewTermsShape:
    return {"severity": row.severity, "days": row.days, "calendar": row.calendar_id}


def _on_one(act: object, shape: object, body: type[Input] = Input, status: int = HTTPStatus.OK) -> Call:
    return Call(act, Role.AGENT, shape, status=status, body=body, sees=Role.AGENT, guard=access_escalation)  # type: ignore[arg-type] # one of the functions above


reviews = endpoint(GET=Call(list_reviews, Role.AGENT, EscalationReviewPage, parameters=ReviewParameters))
actions = endpoint(GET=Call(list_actions, Role.AGENT, TrackedPage, parameters=ActionParameters))
one_action = endpoint(PATCH=Call(change_action, Role.AGENT, TrackedShape, body=ActionChangeInput, sees=Role.AGENT))
review_terms = endpoint(
    GET=Call(show_terms, Role.STEWARD, ReviewTermsShape),
    POST=Call(set_terms, Role.STEWARD, ReviewTermsShape, body=ReviewTermsInput),
)
places = {
    "review": endpoint(
        GET=Call(show_review, Role.AGENT, EscalationReviewShape, sees=Role.AGENT, guard=access_escalation),
        POST=_on_one(write_review, EscalationReviewShape, AnswersInput),
    ),
    "review/actions": endpoint(POST=_on_one(add_action, TrackedShape, NewActionInput, HTTPStatus.CREATED)),
}
verbs = {
    "call-review": endpoint(POST=_on_one(call_for_review, EscalationReviewShape)),
    "finish-review": endpoint(POST=_on_one(finish_review, EscalationReviewShape)),
    "waive-review": endpoint(POST=_on_one(waive_review, EscalationReviewShape, WaiveInput)),
    "give-review": endpoint(POST=_on_one(give_review, EscalationReviewShape, GiveInput)),
    "recommend-lesson": endpoint(POST=_on_one(recommend_lesson, RecommendationShape, LessonInput, HTTPStatus.CREATED)),
}
