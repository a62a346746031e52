"""What a bot hands over."""

from api.fields import AwareTime, Choice, Input, ListOf, LongText, Text
from api.inputs.tickets import TAG_LIMIT, EscalateInput, RequesterInput
from tickets.enums import Priority
from visits.enums import Speaker
from visits.handing_over import TURN_LIMIT, TURNS_LIMIT


class TurnInput(Input):
    who = Choice(Speaker.choices)
    at = AwareTime()
    text = LongText(max_length=TURN_LIMIT)


class ConversationInput(Input):
    """`requester` as of a ticket; `escalate` what that verb takes, for a matter that cannot wait."""

    bot = Text(max_length=80, help_text="What it calls itself, for the agent.")
    turns = ListOf(child=TurnInput(), max_length=TURNS_LIMIT, help_text="In the order in which they were said.")
    subject = Text(required=False, max_length=200, help_text="Without one the customer's first words.")
    requester = RequesterInput(required=False)
    priority = Choice(Priority.choices, default=Priority.NORMAL)
    team = Text(required=False, max_length=40)
    tags = ListOf(child=Text(max_length=TAG_LIMIT), required=False, max_length=20)
    escalate = EscalateInput(required=False)
