"""When customers are asked how it was, and campaigns. The domain checks again."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from people.enums import Tier
from surveys.models import Campaign, SurveyTerms

LONGEST_WAIT = 30 * 24 * 60
LONGEST_QUIET = 365


class TermsForm(forms.ModelForm[SurveyTerms]):
    class Meta:
        model = SurveyTerms
        fields = ["by_mail", "after_minutes", "after_escalations", "quiet_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in (("after_minutes", LONGEST_WAIT), ("quiet_days", LONGEST_QUIET)):
            field: Any = self.fields[name]
            field.validators.append(MaxValueValidator(most))
            field.widget.attrs["max"] = most


class CampaignForm(forms.ModelForm[Campaign]):
    class Meta:
        model = Campaign
        fields = ["name", "lowest_tier"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tier: Any = self.fields["lowest_tier"]
        tier.choices = [("", _("Every tier")), *Tier.choices]
