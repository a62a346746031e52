"""What the calls about tickets take."""

from api.fields import (
    AwareTime,
    Base64,
    Choice,
    Email,
    Input,
    ListOf,
    LongText,
    NumberParameter,
    Parameters,
    Text,
    WholeNumber,
)
from api.pagination import PageParameters
from escalation.enums import Kind, Reason
from tickets.enums import Channel, Priority
from tickets.files import COUNT_LIMIT
from tickets.search import LONGEST_QUERY

TAG_LIMIT = 40


class AttachmentInput(Input):
    name = Text(max_length=200)
    content = Base64()


class RequesterInput(Input):
    email = Email()
    name = Text(required=False, allow_blank=True, max_length=120)


class TicketInput(Input):
    """`requester` is needed from whoever works at the desk; a customer's token speaks for its own person."""

    subject = Text(max_length=200)
    body = LongText()
    requester = RequesterInput(required=False)
    priority = Choice(Priority.choices, default=Priority.NORMAL)
    team = Text(required=False, max_length=40)
    channel = Choice(Channel.choices, default=Channel.API)
    tags = ListOf(child=Text(max_length=TAG_LIMIT), required=False, max_length=20)
    attachments = ListOf(child=AttachmentInput(), required=False, max_length=COUNT_LIMIT)


class SearchParameters(PageParameters):
    q = Text(
        required=False,
        allow_blank=True,
        max_length=LONGEST_QUERY,
        help_text="Words and terms: `is:open status:new priority:high team:payments assignee:me escalated:yes`.",
    )


class WritingInput(Input):
    body = LongText()
    attachments = ListOf(child=AttachmentInput(), required=False, max_length=COUNT_LIMIT)


class AssignInput(Input):
    """At least one of the two."""

    team = Text(required=False, max_length=40)
    assignee = Email(required=False)


class StatusInput(Input):
    reason = Text(required=False, allow_blank=True, max_length=200)


class PriorityInput(Input):
    priority = Choice(Priority.choices)


class EscalateInput(Input):
    kind = Choice([(kind.value, kind.label) for kind in (Kind.FUNCTIONAL, Kind.HIERARCHICAL)])
    severity = WholeNumber(min_value=1, max_value=4)
    reason = Choice(Reason.choices)
    summary = Text(max_length=300)
    tried = LongText(required=False, allow_blank=True)
    wanted_by = AwareTime(required=False, allow_null=True)
    team = Text(required=False, allow_blank=True, max_length=40)


class LedgerParameters(Parameters):
    cycle = NumberParameter(required=False, min_value=1, help_text="Of a promise that recurs; without it the newest.")
