"""A team, as whoever may changes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from desk.forms.people import colleagues
from desk.forms.several import SeveralRows
from people.models import Team, User
from people.teams import TEXT_LIMIT, terms_for

_ROWS = forms.Textarea(attrs={"rows": 3})


class TeamForm(forms.Form):
    """Only with what this person may say of it."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    scope = forms.CharField(
        label=_("What it takes"),
        help_text=_("And what it does not: to whom do I turn?"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=_ROWS,
    )
    how_to_escalate = forms.CharField(
        label=_("How to escalate to it"),
        help_text=_("What it must be told, and what is to be tried first. Stands on its page."),
        required=False,
        max_length=TEXT_LIMIT,
        widget=_ROWS,
    )
    lead = forms.ModelChoiceField(
        label=_("Lead"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    parent = forms.ModelChoiceField(
        label=_("Next team up"),
        help_text=_("Where the chain of command goes on."),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("None: the chain ends here"),
    )
    calendar = forms.ModelChoiceField(
        label=_("Hours"), queryset=Calendar.objects.none(), required=False, empty_label=_("Not said")
    )
    urgent_within = forms.IntegerField(
        label=_("Minutes for which something urgent may be nobody's"),
        help_text=_("Then it goes to whoever is on duty, else to the lead. Empty: to nobody."),
        required=False,
        min_value=1,
        max_value=100_000,
    )
    managers = SeveralRows(
        label=_("Managers"),
        help_text=_("They are alerted when a promise of the team is missed."),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    members = SeveralRows(
        label=_("People"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    restricted = forms.BooleanField(
        label=_("Restricted"),
        help_text=_("Only its own people, and managers, see its tickets."),
        required=False,
    )
    is_fallback = forms.BooleanField(
        label=_("Fallback"),
        help_text=_("Takes what no rule places, and is alerted where nobody else is. One team is."),
        required=False,
    )

    def __init__(self, *args: Any, by: User, team: Team | None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(team) if team else {}
        super().__init__(*args, **kwargs)
        for name in self.base_fields.keys() - set(terms_for(by)):
            del self.fields[name]
        others = Team.objects.exclude(pk=team.pk) if team else Team.objects.all()
        offered = {
            "lead": colleagues(),
            "parent": others,
            "calendar": Calendar.objects.active(),
            "managers": _staff(team, "managers"),
            "members": _staff(team, "members"),
        }
        for name, rows in offered.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows


def _initial(team: Team) -> dict[str, Any]:
    plain = {name: getattr(team, name) for name in TeamForm.base_fields if name not in ("managers", "members")}
    return {**plain, "managers": list(team.managers.all()), "members": list(team.members.all())}


def _staff(team: Team | None, name: str) -> Any:
    """Whoever works here; of managers those who are, and those who have managed it so far."""
    if name == "members":
        return colleagues()
    managing = colleagues().filter(role__in=("manager", "steward", "admin"))
    return (managing | colleagues().filter(manages=team)).distinct() if team else managing
