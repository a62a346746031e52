"""The calls of whoever sets the rules of escalation (R30): its channels, and what is recommended (R85)."""

from http import HTTPStatus
from typing import Annotated, TypedDict

from api.ask import Ask, instant, moment
from api.endpoint import Call, endpoint
from api.fields import Choice, Email, Input, LongText, NumberParameter, Text, WholeNumber, YesNo
from api.pagination import PageParameters, page
from api.shapes.basic import Moment, Url
from escalation.enums import RecommendationState, RecommendedFor
from escalation.models import Recommendation
from escalation.models.channels import closed
from escalation.permissions import recommendations_for
from escalation.services import ruling
from people.enums import Role
from tickets.enums import Channel


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


class RecommendationPage(TypedDict):
    results: list[RecommendationShape]
    next: Url | None


class ChannelShape(TypedDict):
    """`escalates`: by hand and by criteria; a missed promise always does."""

    channel: Annotated[str, Channel]
    escalates: bool


class ChannelList(TypedDict):
    results: list[ChannelShape]


class RecommendationInput(Input):
    title = Text(max_length=ruling.TITLE_LIMIT)
    why = LongText()
    about = Choice(RecommendedFor.choices)
    owner = Email(required=False)
    escalation = WholeNumber(required=False, min_value=1)


class SettleInput(Input):
    state = Choice(RecommendationState.choices)


class ChannelInput(Input):
    channel = Choice(Channel.choices)
    escalates = YesNo()


class RecommendationParameters(PageParameters):
    escalation = NumberParameter(required=False, min_value=1)
    state = Choice(RecommendationState.choices, required=False)


def list_recommendations(ask: Ask) -> RecommendationPage:
    """What is recommended to the desk, and what was learned from escalations that the caller sees; the newest first."""
    asked = {name: value for name in ("escalation", "state") if (value := ask.parameters.get(name)) is not None}
    results, next_ = page(recommendations_for(ask.user).filter(**asked), ask, recommendation_shape)
    return {"results": list(results), "next": next_}


def recommend(ask: Ask) -> RecommendationShape:
    """Its owner is told."""
    given = dict(ask.given)
    made = ruling.recommend(user=ask.user, learned_from=given.pop("escalation", None), now=ask.now, **given)
    return recommendation_shape(made)


def settle(ask: Ask, pk: int) -> RecommendationShape:
    """What became of it: by its owner, or by whoever sets the rules."""
    return recommendation_shape(ruling.settle(user=ask.user, pk=pk, state=ask.given["state"], now=ask.now))


def list_channels(ask: Ask) -> ChannelList:
    """Every channel, and whether tickets that came by it are escalated."""
    off = closed()
    return {"results": [{"channel": one.value, "escalates": one.value not in off} for one in Channel]}


def set_channel(ask: Ask) -> ChannelShape:
    """Switch escalation on or off for a channel; it is in the audit log."""
    row = ruling.set_channel(user=ask.user, channel=ask.given["channel"], is_open=ask.given["escalates"])
    return {"channel": row.channel, "escalates": row.is_open}


def recommendation_shape(row: Recommendation) -> RecommendationShape:
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
    }


recommendations = endpoint(
    GET=Call(list_recommendations, Role.AGENT, RecommendationPage, parameters=RecommendationParameters),
    POST=Call(recommend, Role.STEWARD, RecommendationShape, status=HTTPStatus.CREATED, body=RecommendationInput),
)
settling = endpoint(POST=Call(settle, Role.AGENT, RecommendationShape, body=SettleInput, sees=Role.AGENT))
channels = endpoint(
    GET=Call(list_channels, Role.STEWARD, ChannelList),
    POST=Call(set_channel, Role.STEWARD, ChannelShape, body=ChannelInput),
)
