"""What is asked for the record of an escalation: its services, details and links, and the problem behind it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import SUBJECT_LIMIT
from desk.forms.fields import EscalationFieldsForm
from escalation.enums import LinkRelation
from escalation.initiate.describing import IMPACT_LIMIT
from escalation.models import Escalation
from tickets.models import Service

FINDINGS_LIMIT = 20_000


class ServicesForm(forms.Form):
    """Those in use, and those that it has already."""

    services = forms.MultipleChoiceField(label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, chosen: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["services"] = [service.slug for service in chosen]
        offered = {service.slug: service for service in (*Service.objects.filter(is_active=True), *chosen)}
        rows = [(service.slug, service.name) for service in sorted(offered.values(), key=str)]
        self.fields["services"].choices = rows  # type: ignore[attr-defined] # a MultipleChoiceField, declared above


class DetailsForm(EscalationFieldsForm):
    """What it harms, and the desk's own fields of it."""

    impact = forms.CharField(
        label=_("Impact"),
        help_text=_("Who or what is harmed, and how badly."),
        required=False,
        max_length=IMPACT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, escalation: Escalation) -> None:
        super().__init__(data, values=escalation.fields)
        self.initial["impact"] = escalation.impact


class RelationForm(forms.Form):
    """How the escalation stands to what."""

    relation = forms.ChoiceField(label=_("How it stands to the other"), choices=LinkRelation.choices)
    to = forms.CharField(
        label=_("The other"),
        help_text=_("An escalation, like E-207, or a ticket, like #4821."),
        max_length=300,
        error_messages={"required": _("Say what it is linked to.")},
    )


class UnlinkForm(forms.Form):
    link = forms.IntegerField(
        min_value=1, max_value=2**62, error_messages={"required": _("Say which link is taken away.")}
    )


class ProblemForm(forms.Form):
    subject = forms.CharField(label=_("What is wrong"), max_length=SUBJECT_LIMIT)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    findings = forms.CharField(
        label=_("What is known"),
        help_text=_("The first note of the record."),
        required=False,
        max_length=FINDINGS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined] # a ChoiceField, declared above
