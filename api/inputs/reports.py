"""What a report is asked for by a program; `reports.asking` says what is wrong with it."""

from typing import Any

from api.fields import Choice, Email, Input, ListOf, NumberParameter, ObjectOf, Parameters, Text, WholeNumber, YesNo
from api.pagination import PageParameters
from reports.asking import LONGEST_VALUE
from reports.enums import Every
from reports.filters import FILTERS
from reports.occurring import LAST_DAY
from reports.saved import LAST_HOUR, MOST_RECIPIENTS, NAME_LIMIT

_DAY = "A day as 2026-10-01, in the caller's time zone."


def _word(help_text: str) -> Text:
    return Text(required=False, max_length=LONGEST_VALUE, help_text=help_text)


class ReportParameters(Parameters):
    """Either `days`, counted back from today, or `since` and `until`. The filters are those that the report heeds."""

    days = NumberParameter(required=False, min_value=1, max_value=366, help_text="The last 7, 30, 90 or 365 days.")
    since = _word(_DAY)
    until = _word(_DAY)
    plan = _word(f"Compare before and after. {_DAY}")

    def get_fields(self) -> dict[str, Any]:
        narrowed = {key: _word("Only of this, where the report heeds it.") for key in FILTERS}
        return {**super().get_fields(), **narrowed}


class CaseParameters(ReportParameters, PageParameters):
    """`figure` and `cell` as a `pick` of the report has them."""

    figure = Text(max_length=LONGEST_VALUE)
    cell = Text(required=False, max_length=300, default="", allow_blank=True)


class MailInput(Input):
    """`day` is a weekday from 0, which is Monday, or a day of the month from 1; `hour` is by the owner's clock."""

    every = Choice([(one.value, one.label) for one in Every if one is not Every.NEVER])
    day = WholeNumber(required=False, default=0, min_value=0, max_value=LAST_DAY)
    hour = WholeNumber(required=False, default=8, min_value=0, max_value=LAST_HOUR)
    to = ListOf(child=Email(), min_length=1, max_length=MOST_RECIPIENTS)


class SavedReportInput(Input):
    """`asked` are the parameters with which the report is asked for: days, plan and filters, as texts."""

    name = Text(max_length=NAME_LIMIT)
    report = Text(max_length=40)
    asked = ObjectOf(child=Text(max_length=LONGEST_VALUE), required=False)
    team = Text(required=False, allow_null=True, max_length=60)
    for_all = YesNo(required=False)
    mail = MailInput(required=False, allow_null=True)


class SavedReportChange(SavedReportInput):
    """What is not given stays."""

    name = Text(required=False, max_length=NAME_LIMIT)
    report = Text(required=False, max_length=40)
