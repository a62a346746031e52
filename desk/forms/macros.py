"""A macro as a form: its name, whose tickets it is for, and its actions in rows; and what is applied to a ticket."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from desk.forms.actions import MacroRows
from desk.forms.row_form import RowForm
from people.models import Team, User
from tickets import macros


class MacroForm(RowForm):
    """`editor` holds the rows; a button of them shows what was typed again, judges nothing and keeps nothing."""

    def __init__(self, data: QueryDict | None = None, *, instance: Any = None, **kwargs: Any) -> None:
        edited = data is not None and MacroRows.is_being_edited(data)
        if edited and data is not None:
            kwargs["initial"] = {**data.dict(), "is_enabled": "is_enabled" in data}
        super().__init__(None if edited else data, instance=instance, **kwargs)
        given = data is not None and MacroRows.is_in(data)
        self.editor = MacroRows.read(data) if data and given else MacroRows.of(self.instance.actions or [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            self.instance.actions = cleaned["actions"] = macros.checked(self.editor.actions())
        except InvalidInput as error:
            self.editor.errors = error.errors["actions"]
            self.add_error(None, forms.ValidationError(error.errors["actions"]))
        return cleaned

    @property
    def terms(self) -> dict[str, Any]:
        return {**super().terms, "actions": self.cleaned_data["actions"]}


class SaveMacroForm(forms.Form):
    """What somebody has just done becomes a macro: which of it, its name, and for whose tickets."""

    name = forms.CharField(label=_("Name"), max_length=80)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("For the tickets of"), to_field_name="slug")
    steps = forms.MultipleChoiceField(label=_("What it does"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, user: User, steps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        team.queryset = Team.objects.order_by("name") if user.is_admin else user.teams.order_by("name")
        team.required = not user.is_admin
        if user.is_admin:
            team.empty_label = str(_("All teams"))
        self.fields["steps"].choices = [(str(at), words) for at, words in enumerate(steps)]  # type: ignore[attr-defined] # a choice field
        self.initial.setdefault("steps", [str(at) for at in range(len(steps))])
