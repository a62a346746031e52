from django import forms
from django.utils.translation import gettext_lazy as _


class ReleaseForm(forms.Form):
    """Where a mail from the quarantine goes."""

    ticket = forms.IntegerField(
        label=_("On the ticket"),
        help_text=_("Leave it empty for a ticket of its own, or for the one that it answers."),
        required=False,
        min_value=1,
        max_value=10**15,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "4821"}),
    )
