"""The calls about what is recommended (R30, R85): the register, what became of each, and what it has changed."""

from http import HTTPStatus
from typing import Annotated, TypedDict

from api.ask import Ask, instant, moment
from api.endpoint import Call, endpoint
from api.fields import Choice, Email, Input, LongText, NumberParameter, Text, WholeNumber
from api.pagination import PageParameters, page
from api.shapes.basic import Day, Moment, Url
from api.shapes.reports import ChangeShape, change_shape
from escalation.enums import RecommendationState, RecommendedFor
from escalation.models import Recommendation
from escalation.permissions import recommendations_for
from escalation.services import ruling
from people.enums import Role
from reports import aims, effects
from reports.enums import Verdict, Wished
from reports.models import Effect
from reports.movable import MOVABLE
from reports.outcomes import Outcome, outcomes
from reports.shape import Unit

FIGURES = [(key, key) for key in MOVABLE]


class EffectShape(TypedDict):
    """From `since` on, `plan` being the day on which it was done, as the report of the figure has it for those days.

    `verdict` and `change` are null for a caller who does not see all the tickets that were counted.
    """

    measured_at: Moment
    since: Day
    plan: Day
    until: Day
    time_zone: str
    unit: Annotated[str, Unit]
    verdict: Annotated[str, Verdict] | None
    change: ChangeShape | None


class AimShape(TypedDict):
    """The figure that should move: `report.figure`, of a team by its short name or of the whole desk, and which way.

    `due_on` is the day on which it will be measured, once it is done.
    """

    figure: str
    name: str
    team: str | None
    wished: Annotated[str, Wished]
    due_on: Day | None
    effect: EffectShape | None


class RecommendationShape(TypedDict):
    """`escalation` is the one that taught it; `owner` and `made_by` are given by address."""

    id: int
    title: str
    why: str
    about: Annotated[str, RecommendedFor]
    escalation: int | None
    owner: str | None
    state: Annotated[str, RecommendationState]
    made_by: str | None
    made_at: Moment
    settled_at: Moment | None
    settled_why: str
    aim: AimShape | None


class RecommendationPage(TypedDict):
    results: list[RecommendationShape]
    next: Url | None


class AimInput(Input):
    """Without a figure it names none any more."""

    figure = Choice(FIGURES, required=False, allow_blank=True)
    team = Text(max_length=60, required=False, allow_blank=True)
    wished = Choice(Wished.choices, required=False, allow_blank=True)


class RecommendationInput(AimInput):
    title = Text(max_length=ruling.TITLE_LIMIT)
    why = LongText()
    about = Choice(RecommendedFor.choices)
    owner = Email(required=False)
    escalation = WholeNumber(required=False, min_value=1)


class SettleInput(Input):
    state = Choice(RecommendationState.choices)
    reason = LongText(required=False, allow_blank=True, max_length=ruling.WHY_LIMIT)


class RecommendationParameters(PageParameters):
    escalation = NumberParameter(required=False, min_value=1)
    state = Choice(RecommendationState.choices, required=False)
    about = Choice(RecommendedFor.choices, required=False)


def list_recommendations(ask: Ask) -> RecommendationPage:
    """What is recommended to the desk, and what was learned from escalations that the caller sees; the newest first."""
    names = ("escalation", "state", "about")
    asked = {name: value for name in names if (value := ask.parameters.get(name)) is not None}
    rows, next_ = page(recommendations_for(ask.user).filter(**asked), ask, lambda row: row)
    found = list(rows)
    known = outcomes(ask.user, found)
    return {"results": [_shape(row, known.get(row.pk)) for row in found], "next": next_}


def recommend(ask: Ask) -> RecommendationShape:
    """Its owner is told."""
    given = dict(ask.given)
    made = aims.recommend(user=ask.user, learned_from=given.pop("escalation", None), now=ask.now, **given)
    return known(ask, made)


def settle(ask: Ask, pk: int) -> RecommendationShape:
    """What became of it, and why: by its owner, or by whoever sets the rules. What is done is measured thirty days
    later."""
    return known(ask, ruling.settle(user=ask.user, pk=pk, now=ask.now, **ask.given))


def name_figure(ask: Ask, pk: int) -> RecommendationShape:
    """Which figure it should move, as long as that has not been measured; by its owner, too."""
    return known(ask, aims.name_figure(user=ask.user, pk=pk, **{"figure": "", **ask.given}))


def measure(ask: Ask, pk: int) -> RecommendationShape:
    """Once more, with what the facts of those days say by now; by its owner, too."""
    return known(ask, effects.again(user=ask.user, pk=pk, now=ask.now))


def known(ask: Ask, row: Recommendation) -> RecommendationShape:
    return _shape(row, outcomes(ask.user, [row]).get(row.pk))


def _shape(row: Recommendation, outcome: Outcome | None) -> RecommendationShape:
    return {
        "id": row.pk,
        "title": row.title,
        "why": row.why,
        "about": row.about,
        "escalation": row.escalation_id,
        "owner": row.owner.email if row.owner else None,
        "state": row.state,
        "made_by": row.made_by.email if row.made_by else None,
        "made_at": instant(row.made_at),
        "settled_at": moment(row.settled_at),
        "settled_why": row.settled_why,
        "aim": _aim(outcome) if outcome else None,
    }


def _aim(outcome: Outcome) -> AimShape:
    aim, due_on = outcome.aim, outcome.due_on
    return {
        "figure": aim.figure,
        "name": str(outcome.figure.name),
        "team": aim.team.slug if aim.team else None,
        "wished": aim.wished,
        "due_on": due_on.isoformat() if due_on else None,
        "effect": _effect(outcome.effect, outcome) if outcome.effect else None,
    }


def _effect(effect: Effect, outcome: Outcome) -> EffectShape:
    return {
        "measured_at": instant(effect.measured_at),
        "since": effect.first.isoformat(),
        "plan": effect.day.isoformat(),
        "until": effect.last.isoformat(),
        "time_zone": effect.zone,
        "unit": effect.unit,
        "verdict": outcome.verdict.value if outcome.verdict else None,
        "change": change_shape(outcome.change) if outcome.change else None,
    }


recommendations = endpoint(
    GET=Call(list_recommendations, Role.AGENT, RecommendationPage, parameters=RecommendationParameters),
    POST=Call(recommend, Role.STEWARD, RecommendationShape, status=HTTPStatus.CREATED, body=RecommendationInput),
)
settling = endpoint(POST=Call(settle, Role.AGENT, RecommendationShape, body=SettleInput, sees=Role.AGENT))
aiming = endpoint(POST=Call(name_figure, Role.AGENT, RecommendationShape, body=AimInput, sees=Role.AGENT))
measuring = endpoint(POST=Call(measure, Role.AGENT, RecommendationShape, sees=Role.AGENT))
