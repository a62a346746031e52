"""Times away and on duty, in the reader's zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.people import ROLES, colleagues
from people.models import Team, User
from people.presence import MOST_WEEKS


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class AbsenceForm(forms.Form):
    """`people`: for whom it can be said; nobody else is offered. Without, it is about oneself."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=None)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))

    prefix = "away"

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if team is None:
            del self.fields["person"]
        else:
            _offer(self, "person", colleagues().filter(teams=team))


class DeputyForm(forms.Form):
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        help_text=_("Gets your alerts and decisions while you are away."),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"deputy": person.deputy}
        super().__init__(*args, **kwargs)
        _offer(self, "deputy", colleagues(besides=person))


class DutyForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=None)
    starts_at = _moment(_("From"))
    ends_at = _moment(_("Until"))
    weeks = forms.IntegerField(
        label=_("Weeks"), help_text=_("At the same time each week."), min_value=1, max_value=MOST_WEEKS, initial=1
    )

    prefix = "duty"

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", colleagues().filter(teams=team))


class LimitForm(forms.Form):
    """`whose` is “role:agent”, or “person:7”."""

    whose = forms.ChoiceField(label=_("Whose"))
    amount = forms.CharField(label=_("Up to"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    currency = forms.CharField(
        label=_("Currency"), help_text=_("Three letters, as in EUR."), max_length=3, widget=forms.TextInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {f"person:{one.pk}": one for one in colleagues()}
        from_roles = [(f"role:{role}", label) for role, label in ROLES]
        whose = self.fields["whose"]
        assert isinstance(whose, forms.ChoiceField)  # noqa: S101 - for the type checker
        whose.choices = [
            (_("Everybody of a role"), from_roles),
            (_("One person"), [(key, one.name) for key, one in self._people.items()]),
        ]

    @property
    def terms(self) -> dict[str, Any]:
        """As `people.limits` takes them; only after `is_valid`."""
        given = dict(self.cleaned_data)
        kind, _colon, key = given.pop("whose").partition(":")
        return {**given, "role": key if kind == "role" else "", "person": self._people.get(f"person:{key}")}


def _offer(form: forms.Form, name: str, people: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
    field.queryset = people
