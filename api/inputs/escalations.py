"""What the verbs of an escalation take."""

from django.conf import settings

from api.fields import AwareTime, Choice, Day, Email, Input, ListOf, LongText, NumberParameter, Text, WholeNumber, YesNo
from api.pagination import PageParameters
from escalation.enums import INFORMED, Decision, Kind, LinkRelation, Purpose, State, Trend
from escalation.parties.roll import MOST_BYTES
from tickets.search import LONGEST_QUERY

TASK_LIMIT = 50
PEOPLE_LIMIT = 500


class ListParameters(PageParameters):
    ticket = NumberParameter(required=False, min_value=1)
    state = Choice(State.choices, required=False)
    kind = Choice(Kind.choices, required=False)
    severity = NumberParameter(required=False, min_value=1, max_value=4)
    organisation = Text(required=False, max_length=60, help_text="Its slug: about its tickets, or harming its people.")
    customer = Email(required=False, help_text="About his tickets, or harming him.")


class ReasonInput(Input):
    reason = LongText()


class EndInput(ReasonInput):
    """`cause` where what was at the root is known."""

    cause = Text(required=False, allow_blank=True, max_length=40)


class NothingInput(Input):
    """Takes a reason for the record where one is given."""

    reason = LongText(required=False, allow_blank=True)


class GateInput(NothingInput):
    """With `override_reason` (at least 20 characters) whoever has the right sets open conditions aside."""

    override_reason = LongText(required=False, allow_blank=True)


class ApproveInput(Input):
    decision = Choice(
        [(choice.value, choice.label) for choice in Decision if choice != Decision.DECLINE], default=Decision.APPROVE
    )
    note = LongText(required=False, allow_blank=True)
    amount = Text(required=False, allow_blank=True, max_length=60)
    valid_until = Day(required=False, allow_null=True)
    resources = Text(required=False, allow_blank=True, max_length=200)


class PassOnInput(Input):
    note = LongText()
    to = Text(required=False, allow_blank=True, max_length=254, help_text="An address; without it the next who may.")


class TextInput(Input):
    """What the readers of one language get in the place of `body`."""

    language = Choice(settings.LANGUAGES)
    subject = Text(required=False, allow_blank=True, max_length=200)
    body = LongText()


class CommunicateInput(Input):
    audience = Choice([(audience.value, audience.label) for audience in INFORMED])
    body = LongText()
    subject = Text(required=False, allow_blank=True, max_length=200)
    texts = ListOf(child=TextInput(), required=False, max_length=20)
    template = WholeNumber(required=False, min_value=1, max_value=2**62)
    purpose = Choice([(one.value, one.label) for one in Purpose if one != Purpose.EXECUTIVE], required=False)
    next_update_by = AwareTime(required=False, allow_null=True)
    is_last = YesNo(default=False)
    trend = Choice(Trend.choices, required=False)
    expected = WholeNumber(
        required=False, min_value=0, max_value=10**9, help_text="409 where it would go to another number of people."
    )


class TaskInput(Input):
    title = Text(max_length=200)
    owner = Email(required=False, allow_blank=True)
    due_at = AwareTime(required=False, allow_null=True)


class PlanInput(Input):
    """From the second version on `reason` is asked for; with `based_on` a newer version is not overwritten unseen."""

    tasks = ListOf(child=TaskInput(), allow_empty=False, max_length=TASK_LIMIT)
    reason = Text(required=False, allow_blank=True, max_length=500)
    based_on = WholeNumber(required=False, min_value=1, max_value=2**31 - 1)


class FinishTaskInput(Input):
    task = WholeNumber(min_value=1, max_value=2**62)
    done = YesNo(default=True)


class NoteInput(Input):
    note = LongText(required=False, allow_blank=True)
    reason = LongText(required=False, allow_blank=True, help_text="The same as `note`.")


class AccessInput(NoteInput):
    """Whose access: these people's, or all of an organisation's; of one customer alone nobody need be named."""

    people = ListOf(child=Email(), required=False, max_length=PEOPLE_LIMIT)
    organisation = Text(required=False, max_length=60)
    waived = LongText(required=False)


class CustomersInput(Input):
    """One way of three: addresses, a CSV text with a column of them, or the tickets of a search or a saved view."""

    people = ListOf(child=Text(max_length=254), required=False, allow_empty=False, max_length=PEOPLE_LIMIT)
    csv = Text(required=False, max_length=MOST_BYTES)
    search = Text(required=False, max_length=LONGEST_QUERY)
    view = WholeNumber(required=False, min_value=1, max_value=2**62)


class CustomerInput(Input):
    person = Email()


class TakeBackInput(CustomerInput):
    reason = LongText()


class LeaveOutInput(CustomerInput):
    reason = LongText()


class CustomerParameters(PageParameters):
    access = Choice([("open", "open")], required=False)
    told = Choice([("no", "no")], required=False)


class EscalationLinkInput(Input):
    """The escalation stands in this relation to another, like E-207, or to a ticket, like #4821."""

    to = Text(max_length=30)
    relation = Choice(LinkRelation.choices, default=LinkRelation.RELATED)


class CauseInput(Input):
    cause = Text(max_length=40, help_text="A key of `causes/`.")
