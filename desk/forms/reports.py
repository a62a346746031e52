"""What a report is asked for, as small forms of its bar; each carries the rest of the address along."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.asking import Wanted
from reports.filters import FILTERS

DAY = "%Y-%m-%d"


class _Day(forms.DateInput):
    input_type = "date"


class AskingForm(forms.Form):
    """Is only ever drawn: `reports.asking` reads what comes back."""

    use_required_attribute = False

    def __init__(self, query: Mapping[str, Any]) -> None:
        super().__init__(initial=dict(query), auto_id=f"{type(self).__name__.lower()}_%s")


class DaysForm(AskingForm):
    since = forms.DateField(label=_("First day"), widget=_Day(format=DAY))
    until = forms.DateField(label=_("Last day"), widget=_Day(format=DAY))


class PlanForm(AskingForm):
    plan = forms.DateField(
        label=_("Compare before and after"),
        help_text=_("The day from which on something was done otherwise."),
        widget=_Day(format=DAY),
    )


class NarrowForm(AskingForm):
    """A list for each filter that the report heeds."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted.query)
        for key, choices in wanted.choices.items():
            known = FILTERS[key]
            self.fields[key] = forms.ChoiceField(
                label=known.name(), choices=[("", known.all()), *choices], required=False
            )
