"""What is recommended, which figure it should move, and what became of it (R30, R85)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from escalation.enums import RecommendedFor
from escalation.services.ruling import TITLE_LIMIT, WHY_LIMIT
from people.models import User
from reports.aims import figures_for
from reports.enums import Wished
from reports.filters import FILTERS
from reports.register import REPORTS


class AimForm(forms.Form):
    """Which figure should move, if any."""

    figure = forms.ChoiceField(
        label=_("Which figure should it move?"),
        help_text=_("Thirty days after it is done, the thirty days before are compared with those since."),
        required=False,
    )
    team = forms.ChoiceField(label=_("Of whom"), required=False)
    wished = forms.ChoiceField(
        label=_("Which way"), choices=[("", _("Whichever is better")), *Wished.choices], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_report: dict[str, list[tuple[str, Any]]] = {}
        for one in figures_for(user):
            by_report.setdefault(REPORTS[one.report].title(), []).append((one.key, one.name))
        teams = FILTERS["team"].choices(user)
        self._choose("figure", [("", _now("No figure")), *by_report.items()])
        self._choose("team", [("", _now("The whole desk")), *teams])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined] # a ChoiceField, declared above

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("team") and not said.get("figure") and "figure" not in self.errors:
            self.add_error("figure", _("Choose the figure that should move, or leave the team out."))
        return said


class RecommendationForm(AimForm):
    title = forms.CharField(
        label=_("What is to be better"),
        help_text=_("In a sentence that says what to do."),
        max_length=TITLE_LIMIT,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("What was seen, and what it would spare."),
        max_length=WHY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    about = forms.ChoiceField(
        label=_("About"), choices=RecommendedFor.choices, initial=RecommendedFor.PROCESS, widget=forms.RadioSelect
    )
    owner = forms.ChoiceField(
        label=_("Who sees to it"), help_text=_("He is told, and says what became of it."), required=False
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("owner", [("", _("Nobody yet")), *people])
