"""A chat on a website, as an administrator sets it up."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from visits.models import Widget
from visits.sites import origins


class WidgetForm(forms.ModelForm[Widget]):
    sites = forms.CharField(
        label=_("Sites on which it may stand"),
        help_text=_("One a line, as in https://www.shop.example; https://*.shop.example is all of its neighbours."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("A visitor gets his own where it is among them; none: the desk's own."),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Widget
        fields = ["name", "team", "sites", "languages", "greeting", "calendar", "corner", "is_enabled"]
        widgets = {"corner": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        calendar: Any = self.fields["calendar"]
        team.empty_label, calendar.empty_label = _("By the routing rules"), _("Always open")
        calendar.queryset = Calendar.objects.active()
        self.initial["sites"] = "\n".join(self.instance.sites)

    def clean_sites(self) -> list[str]:
        return origins(self.cleaned_data["sites"])
