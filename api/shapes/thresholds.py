"""A threshold of a target as the API shows it."""

from typing import Annotated, NotRequired, TypedDict

from sla.enums import ThresholdAction
from sla.thresholds import Threshold


class ActionShape(TypedDict):
    """`value`: whom to alert, the tag, `step` or a priority, a team's short name, a ladder ("" for the team's own)."""

    do: Annotated[str, ThresholdAction]
    value: str


class ThresholdShape(TypedDict):
    """At `percent` of the target, or `offset` seconds of work time from the due time, negative before it."""

    percent: NotRequired[int]
    offset: NotRequired[int]
    actions: list[ActionShape]


def action_shapes(one: Threshold) -> list[ActionShape]:
    return [{"do": action.do, "value": action.value} for action in one.actions]


def threshold_shape(one: Threshold) -> ThresholdShape:
    actions = action_shapes(one)
    if one.percent is None:
        return {"offset": one.offset, "actions": actions}
    return {"percent": one.percent, "actions": actions}
