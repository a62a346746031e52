"""What a report is asked for by a program; `reports.asking` says what is wrong with it."""

from typing import Any

from api.fields import NumberParameter, Parameters, Text
from api.pagination import PageParameters
from reports.asking import LONGEST_VALUE
from reports.filters import FILTERS

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
