"""What the calls about tickets take."""

from typing import Any

from api.fields import (
    AwareTime,
    Base64,
    Choice,
    Email,
    Input,
    ListOf,
    LongText,
    NumberParameter,
    ObjectOf,
    Parameters,
    Text,
    WholeNumber,
)
from api.pagination import PageParameters
from escalation.enums import ByHand, Reason
from escalation.functional.hand_offs import MOST_EVIDENCE
from escalation.initiate.describing import IMPACT_LIMIT
from knowledge.steps import MOST_STEPS
from tickets.enums import WAITS, Channel, Kind, Priority, Status
from tickets.fields import TEXT_LIMIT
from tickets.files import COUNT_LIMIT
from tickets.search import LONGEST_QUERY

TAG_LIMIT = 40


class OwnFields(ObjectOf):
    """The desk's own fields by their keys, each as a text: `12.50`, `2026-11-18`, one of the choices; null clears."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Text(allow_null=True, allow_blank=True, max_length=TEXT_LIMIT), **kwargs)


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
    kind = Choice(Kind.choices, required=False, help_text="The type of the matter; a question if nothing is said.")
    fields_ = OwnFields(required=False)
    request_type = Text(
        required=False, max_length=60, help_text="What a customer asks for, by its short name; of a customer's token."
    )

    def get_fields(self) -> dict[str, Any]:
        return with_fields(super().get_fields())


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


class ReplyInput(WritingInput):
    """`next_update_by` promises the customer the next word by then; only agents promise."""

    next_update_by = AwareTime(required=False, allow_null=True)


class AssignInput(Input):
    """At least one of the two."""

    team = Text(required=False, max_length=40)
    assignee = Email(required=False)


class StatusInput(Input):
    reason = Text(required=False, allow_blank=True, max_length=200)


class WaitInput(StatusInput):
    """`waits_for`: of what kind the reason is; the first where nothing is said."""

    waits_for = Choice([(kind.value, kind.label) for kind in WAITS[Status.WAITING]], required=False)


class HoldInput(StatusInput):
    """As of waiting, with the kinds that a ticket is put on hold for."""

    waits_for = Choice([(kind.value, kind.label) for kind in WAITS[Status.ON_HOLD]], required=False)


class PriorityInput(Input):
    priority = Choice(Priority.choices)


class KindInput(Input):
    kind = Choice(Kind.choices)


class FieldsInput(Input):
    """Those that are given are set or cleared, the others stay."""

    fields_ = OwnFields()

    def get_fields(self) -> dict[str, Any]:
        return with_fields(super().get_fields())


class MergeInput(Input):
    """The number of the ticket that stays."""

    into = WholeNumber(min_value=1, max_value=10**18)


class EscalateInput(Input):
    """`fields`: the desk's own of escalations; whoever gives it gives what is required, too."""

    kind = Choice(ByHand.choices)
    severity = WholeNumber(min_value=1, max_value=4)
    reason = Choice(Reason.choices)
    summary = Text(max_length=300)
    tried = LongText(required=False, allow_blank=True)
    impact = Text(required=False, allow_blank=True, max_length=IMPACT_LIMIT, help_text="Who or what is harmed.")
    wanted_by = AwareTime(required=False, allow_null=True)
    team = Text(required=False, allow_blank=True, max_length=40)
    exception = LongText(
        required=False, allow_blank=True, help_text="Of an exception: why no procedure fits, in at least 20 characters."
    )
    amount = Text(required=False, allow_blank=True, max_length=30, help_text="What is to be granted, as in 20000.00.")
    currency = Text(required=False, allow_blank=True, max_length=3, help_text="ISO 4217, as in EUR.")
    steps = ListOf(
        child=WholeNumber(min_value=1, max_value=MOST_STEPS),
        required=False,
        max_length=MOST_STEPS,
        help_text="Of its guide, those that are taken already.",
    )
    messages = ListOf(
        child=WholeNumber(min_value=1, max_value=2**62),
        required=False,
        max_length=MOST_EVIDENCE,
        help_text="Of a functional one: messages of the ticket that the receiver has to see.",
    )
    attachments = ListOf(
        child=WholeNumber(min_value=1, max_value=2**62), required=False, max_length=MOST_EVIDENCE, help_text="The same."
    )
    fields_ = OwnFields(required=False)

    def get_fields(self) -> dict[str, Any]:
        return with_fields(super().get_fields())


class DetailsInput(Input):
    """What is given is set, of the fields each by itself; the rest stays."""

    impact = Text(required=False, allow_blank=True, max_length=IMPACT_LIMIT)
    fields_ = OwnFields(required=False)

    def get_fields(self) -> dict[str, Any]:
        return with_fields(super().get_fields())


class LedgerParameters(Parameters):
    cycle = NumberParameter(required=False, min_value=1, help_text="Of a promise that recurs; without it the newest.")


def with_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The serialiser keeps the name `fields` for itself, so it is given here."""
    return {name.removesuffix("_"): field for name, field in fields.items()}
