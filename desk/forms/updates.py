"""An update as it is written, and as it is confirmed: a text for each language that somebody reads."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from desk.forms.escalate import LocalTime
from escalation.enums import INFORMED, Audience, Trend
from escalation.models import UpdateTemplate
from escalation.wording import BODY_LIMIT, SUBJECT_LIMIT, Text

KEY_LENGTH = 24


def new_key() -> str:
    """Sent twice under the same, an update is one."""
    return get_random_string(KEY_LENGTH)


class UpdateForm(forms.Form):
    """One update to one audience. With a prepared text the field may be empty."""

    audience = forms.ChoiceField(
        label=_("To"), choices=[(one.value, one.label) for one in INFORMED], initial=Audience.CUSTOMERS
    )
    template = forms.ModelChoiceField(
        label=_("Prepared text"),
        queryset=UpdateTemplate.objects.none(),
        required=False,
        empty_label=_("None, in my own words"),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        help_text=_("To customers it goes as a public reply on each one's own ticket, else as a mail."),
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    trend = forms.ChoiceField(
        label=_("Trend"), required=False, choices=[("", _("As before")), *Trend.choices], help_text=_("For colleagues.")
    )
    next_update_by = forms.DateTimeField(label=_("Next update by"), required=False, widget=LocalTime)
    is_last = forms.BooleanField(label=_("This is the last update"), required=False)
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, prepared: list[UpdateTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so above; this is for mypy
        field.queryset = UpdateTemplate.objects.filter(pk__in=[row.pk for row in prepared])
        field.choices = [("", field.empty_label), *((row.pk, _label(row)) for row in prepared)]
        self.fields["key"].initial = new_key()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        template = given.get("template")
        if template is not None and template.audience != given.get("audience"):
            self.add_error("template", _("This text is prepared for the other audience."))
        elif template is not None and not given.get("body"):
            given["body"] = template.body
        elif "body" in given and not given["body"]:
            self.add_error("body", forms.Field.default_error_messages["required"])
        return given


class SummaryForm(forms.Form):
    """The executive summary, to those of the chain of command that are ticked (R43)."""

    to = forms.MultipleChoiceField(
        label=_("To"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
    )
    body = forms.CharField(label=_("Text"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 14}))
    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined] # a MultipleChoiceField, declared above
        self.fields["key"].initial = new_key()


class ConfirmForm(forms.Form):
    """The same once its reach has been shown: `expected` people, and what each language reads."""

    expected = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, _name in settings.LANGUAGES:
            self.fields[f"subject_{language}"] = forms.CharField(required=False, max_length=SUBJECT_LIMIT)
            self.fields[f"text_{language}"] = forms.CharField(required=False, max_length=BODY_LIMIT)

    def texts(self) -> dict[str, Text]:
        """By language, those that hold something."""
        given = self.cleaned_data
        found = {
            language: Text(given[f"subject_{language}"], given[f"text_{language}"])
            for language, _name in settings.LANGUAGES
        }
        return {language: text for language, text in found.items() if text.body}


def _label(row: UpdateTemplate) -> str:
    return f"{row.get_audience_display()}: {row.name}"
