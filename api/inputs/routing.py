"""What is given about routing rules."""

from api.fields import Choice, Conditions, Input, ListOf, LongText, ObjectOf, Text, WholeNumber, YesNo
from tickets.enums import Channel, RuleEvent
from tickets.routing import dry_runs
from tickets.routing.editing import LONGEST_QUIET, NAME_LIMIT
from tickets.routing.grammar import MOST_ACTIONS

LONGEST_BODY = 20_000
_QUIET = int(LONGEST_QUIET.total_seconds())


class TermsInput(Input):
    """What a rule says; what is left out is as a new rule has it."""

    name = Text(max_length=NAME_LIMIT)
    event = Choice(RuleEvent.choices, required=False)
    conditions = Conditions(required=False)
    actions = ListOf(child=ObjectOf(), required=False, max_length=MOST_ACTIONS)
    goes_on = YesNo(required=False)
    quiet_for_seconds = WholeNumber(required=False, allow_null=True, min_value=1, max_value=_QUIET)
    calendar = WholeNumber(required=False, allow_null=True, min_value=1)


class RuleInput(TermsInput):
    catch_all = YesNo(required=False)


class RuleChange(TermsInput):
    """What is not given stays. `version` is the one that was read."""

    name = Text(required=False, max_length=NAME_LIMIT)
    version = WholeNumber(min_value=1)


class SwitchInput(Input):
    on = YesNo()


class MoveInput(Input):
    """One of the two: a place up or down, or right above another rule."""

    to = Choice([("up", "up"), ("down", "down")], required=False)
    above = WholeNumber(required=False, min_value=1)


class RuleVersionInput(Input):
    number = WholeNumber(min_value=1)


class TrialInput(Input):
    """A ticket's number, or a text; with a `rule` that is tried among the others, `instead_of` one of them."""

    ticket = WholeNumber(required=False, min_value=1)
    subject = Text(required=False, max_length=200)
    body = LongText(required=False, allow_blank=True, max_length=LONGEST_BODY)
    customer = Text(required=False, max_length=254)
    channel = Choice(Channel.choices, required=False)
    rule = TermsInput(required=False)
    instead_of = WholeNumber(required=False, min_value=1)


class DryRunInput(Input):
    days = WholeNumber(min_value=1, max_value=dry_runs.LONGEST)
    rule = TermsInput(required=False)
    instead_of = WholeNumber(required=False, min_value=1)
