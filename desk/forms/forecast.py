from django import forms

from reports.models import ForecastTerms


class ForecastTermsForm(forms.ModelForm[ForecastTerms]):
    class Meta:
        model = ForecastTerms
        fields = ("is_wanted", "looks")
