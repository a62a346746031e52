"""How long each kind of data is kept, and what is kept whatever its age."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.models import Retention
from desk.retention.kinds import KINDS
from people.models import Organisation

MOST_DAYS = 36_500


class RetentionForm(forms.Form):
    """A field for each kind, under its name: days; empty for never."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial=dict(Retention.objects.values_list("kind", "days")))
        for kind in KINDS:
            self.fields[kind.name] = forms.IntegerField(
                label=kind.title,
                required=False,
                min_value=kind.least,
                max_value=MOST_DAYS,
                widget=forms.NumberInput(attrs={"placeholder": str(_("never")), "min": kind.least}),
            )

    @property
    def periods(self) -> dict[str, int]:
        """By kind, without those that are kept for good; of a form that is not sent, as it stands."""
        given = self.cleaned_data if self.is_bound else self.initial
        return {kind.name: given[kind.name] for kind in KINDS if given.get(kind.name)}


class HoldForm(forms.Form):
    number = forms.IntegerField(label=_("Ticket"), required=False, min_value=1, help_text=_("Its number."))
    organisation = forms.ModelChoiceField(
        label=_("or a customer"), queryset=Organisation.objects.none(), required=False, help_text=_("All its tickets.")
    )
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Organisation.objects.order_by("name")
        field.empty_label = str(_("None"))
