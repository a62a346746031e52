"""What is asked before something is done with a whole ticket."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT, SUBJECT_LIMIT
from people.models import Team
from tickets.models import Ticket

_NUMBER = re.compile(r"#?\s*([1-9]\d{0,17})")


class NumberField(forms.CharField):
    """A ticket's number as people write it, with or without the sign."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)  # type: ignore[arg-type] # the stubs want each argument by name

    def clean(self, value: object) -> int | None:
        text = str(super().clean(value))
        found = _NUMBER.fullmatch(text)
        if text and found is None:
            raise forms.ValidationError(_("Give the number of a ticket, like #4821."))
        return int(found[1]) if found else None


class MergeForm(forms.Form):
    """Into which ticket: one of those that are offered, or any number that is typed."""

    target = NumberField(label=_("Number of the ticket that stays"), required=False)
    pick = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = {**(super().clean() or {})}
        given["target"] = given.get("target") or given.get("pick")
        if not given["target"] and "target" not in self.errors:
            self.add_error("target", _("Say into which ticket it goes."))
        return given


class LinkForm(forms.Form):
    """How this ticket stands to which other."""

    relation = forms.ChoiceField(label=_("This ticket is"))
    other = NumberField(label=_("Number of the other ticket"))

    def __init__(self, *args: Any, relations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"] = forms.ChoiceField(label=_("This ticket is"), choices=relations)


class SplitForm(forms.Form):
    """The message that begins a ticket of its own."""

    message = forms.IntegerField(error_messages={"required": _("Choose a message.")})
    subject = forms.CharField(label=_("What the new ticket is about"), max_length=SUBJECT_LIMIT)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        empty_label=_("As the rules say"),
    )


class IncidentsForm(forms.Form):
    """Which incidents, all of them at first, and the one text."""

    incidents = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one incident.")},
    )
    body = forms.CharField(
        label=_("Answer to each customer"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, waiting: Iterable[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["incidents"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
        field.label = _("Incidents to answer and solve")
        field.choices = [(one.number, f"#{one.number} {one.subject}, {one.requester.name}") for one in waiting]
        field.initial = [number for number, _words in field.choices]
