"""What the verbs of Resolve and Close take."""

from api.fields import AwareTime, Choice, Email, Input, ListOf, LongText, Text, WholeNumber, YesNo
from escalation.enums import Duty, Verdict

LARGEST = 2**62


class ResponsibleInput(Input):
    """An empty address takes the duty back."""

    role = Choice(Duty.choices)
    email = Email(required=False, allow_blank=True)


class VerifyInput(Input):
    """With a text for each audience the notices go out with the tick; without one they wait for `announce`."""

    note = LongText(required=False, allow_blank=True)
    reason = LongText(required=False, allow_blank=True, help_text="The same as `note`.")
    customers = LongText(required=False, allow_blank=True)
    stakeholders = LongText(required=False, allow_blank=True)


class AnnounceInput(Input):
    customers = LongText(required=False, allow_blank=True)
    stakeholders = LongText(required=False, allow_blank=True)


class TaskForceInput(Input):
    members = ListOf(child=Email(), required=False, max_length=50)
    experts = ListOf(child=Email(), required=False, max_length=50)


class TechnicalPlanInput(Input):
    body = LongText()
    reason = Text(required=False, allow_blank=True, max_length=500)


class ReviewInput(Input):
    version = WholeNumber(min_value=1, max_value=2**31 - 1)
    verdict = Choice(Verdict.choices)
    comment = LongText(required=False, allow_blank=True)


class RelatedInput(Input):
    """Only the tickets that are named are touched."""

    tickets = ListOf(child=WholeNumber(min_value=1, max_value=LARGEST), allow_empty=False, max_length=100)
    body = LongText(required=False, allow_blank=True)


class RequestAnalysisInput(Input):
    why = LongText(required=False, allow_blank=True)
    due_at = AwareTime(required=False, allow_null=True)


class ActionInput(Input):
    title = Text(max_length=200)
    owner = Email(required=False, allow_blank=True)
    due_at = AwareTime(required=False, allow_null=True)
    for_customers = YesNo(default=False)


class AnalysisInput(Input):
    """What is not given stays as it is."""

    timeline = LongText(required=False, allow_blank=True)
    whys = ListOf(child=Text(max_length=500), required=False, max_length=5)
    contributing = LongText(required=False, allow_blank=True)
    findings = LongText(required=False, allow_blank=True)
    for_customers = LongText(required=False, allow_blank=True)
    actions = ListOf(child=ActionInput(), required=False, max_length=50)
    problem = WholeNumber(required=False, min_value=1, max_value=LARGEST)


class FinishActionInput(Input):
    action = WholeNumber(min_value=1, max_value=LARGEST)
    done = YesNo(default=True)


class ComposeInput(Input):
    """`customer` is an address; without a text it is drafted from what customers may be told."""

    customer = Email()
    body = LongText(required=False, allow_blank=True)


class DocumentInput(Input):
    document = WholeNumber(min_value=1, max_value=LARGEST)


class KudosInput(Input):
    to = Email()
    words = Text(max_length=500)
