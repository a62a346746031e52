"""The calls of whoever sets the rules of escalation (R30): by which channels is escalated."""

from typing import Annotated, TypedDict

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.fields import Choice, Input, YesNo
from escalation.models.channels import closed
from escalation.services import ruling
from people.enums import Role
from tickets.enums import Channel


class ChannelShape(TypedDict):
    """`escalates`: by hand and by criteria; a missed promise always does."""

    channel: Annotated[str, Channel]
    escalates: bool


class ChannelList(TypedDict):
    results: list[ChannelShape]


class ChannelInput(Input):
    channel = Choice(Channel.choices)
    escalates = YesNo()


def list_channels(ask: Ask) -> ChannelList:
    """Every channel, and whether tickets that came by it are escalated."""
    off = closed()
    return {"results": [{"channel": one.value, "escalates": one.value not in off} for one in Channel]}


def set_channel(ask: Ask) -> ChannelShape:
    """Switch escalation on or off for a channel; it is in the audit log."""
    row = ruling.set_channel(user=ask.user, channel=ask.given["channel"], is_open=ask.given["escalates"])
    return {"channel": row.channel, "escalates": row.is_open}


channels = endpoint(
    GET=Call(list_channels, Role.STEWARD, ChannelList),
    POST=Call(set_channel, Role.STEWARD, ChannelShape, body=ChannelInput),
)
