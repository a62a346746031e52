"""Who works here, as an administrator changes it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.enums import STAFF_ROLES, Role
from people.models import Team, User

ROLES = [(role.value, role.label) for role in STAFF_ROLES]
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def colleagues(besides: User | None = None) -> QuerySet[User]:
    """Everybody who works here now, but one."""
    found = User.objects.active().staff().order_by("name", "pk")
    return found.exclude(pk=besides.pk) if besides else found


class InviteForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail"), max_length=254, widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "email"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.AGENT)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("None yet")
    )


class StandingForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, widget=forms.TextInput(attrs=_PLAIN)
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    is_senior = forms.BooleanField(
        label=_("Senior"), help_text=_("Of a manager: decides what no procedure fits."), required=False
    )
    gravest_severity = forms.TypedChoiceField(
        label=_("Takes severity down to"),
        help_text=_("Rules give nobody a graver matter."),
        choices=User._meta.get_field("gravest_severity").choices or (),
        coerce=int,
    )
    capacity = forms.IntegerField(
        label=_("Open tickets at once"),
        help_text=_("Rules give nobody more. Empty: no limit."),
        required=False,
        min_value=0,
        max_value=1000,
    )
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        help_text=_("Gets alerts and decisions while this person is away."),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(person, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        _offer(self, "deputy", colleagues(besides=person))


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("New administrator"), queryset=User.objects.none(), empty_label=_("Choose somebody")
    )
    becoming = forms.ChoiceField(
        label=_("You are from then on"),
        choices=[pair for pair in ROLES if pair[0] != Role.ADMIN],
        initial=Role.MANAGER,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "to", colleagues(besides=by))


class SwitchOffForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Who takes it over"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: tickets go back to their teams"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "successor", colleagues(besides=person))


def _offer(form: forms.Form, name: str, people: QuerySet[User]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
    field.queryset = people
