"""A company's own sign-in, as an administrator sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.entrance import Unknown
from people.models import IdentityProvider

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
# What the row holds under the same name.
SAME = (
    "name",
    "issuer",
    "client_id",
    "is_for_staff",
    "unknown",
    "brings_factor",
    "groups_claim",
    "gives_more",
    "is_enabled",
)


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As its button says: Sign in with …"), max_length=60)
    issuer = forms.CharField(
        label=_("Issuer"),
        help_text=_("The provider's address, as it calls itself. It is asked when this is saved."),
        max_length=300,
        widget=forms.TextInput(attrs=PLAIN | {"inputmode": "url"}),
    )
    client_id = forms.CharField(label=_("Client id"), max_length=200, widget=forms.TextInput(attrs=PLAIN))
    secret = forms.CharField(
        label=_("Client secret"),
        help_text=_("It is kept sealed and never shown again."),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    domains = forms.CharField(
        label=_("Domains of e-mail addresses"),
        help_text=_(
            "With spaces between: meridiano.example meridiano.test. Empty: of every address that it calls confirmed."
        ),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs=PLAIN),
    )
    unknown = forms.ChoiceField(label=_("Somebody unknown"), choices=Unknown.choices, widget=forms.RadioSelect)
    is_for_staff = forms.BooleanField(
        label=_("Colleagues may sign in with it, not only customers"),
        help_text=_("Its word then opens the desk: only for a provider of your own house."),
        required=False,
    )
    brings_factor = forms.BooleanField(
        label=_("It asks for a second factor itself"),
        help_text=_("Whoever comes by it need not set one up here, whatever his role."),
        required=False,
    )
    groups_claim = forms.CharField(
        label=_("Claim with groups"), required=False, max_length=60, widget=forms.TextInput(attrs=PLAIN)
    )
    group_roles = forms.CharField(
        label=_("What groups give"),
        help_text=_(
            "One a line: group = agent. Of several the highest counts, at each sign-in; customers stay customers."
        ),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    gives_more = forms.BooleanField(
        label=_("Groups may give more than Agent"),
        help_text=_("Then whoever keeps the groups there says who manages or administers here."),
        required=False,
    )
    is_enabled = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, provider: IdentityProvider | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(provider) if provider else {"unknown": Unknown.REFUSE, "is_enabled": True}
        super().__init__(*args, **kwargs)

    def clean_domains(self) -> list[str]:
        given = str(self.cleaned_data["domains"]).lower().replace(",", " ").split()
        return list(dict.fromkeys(one.lstrip("@") for one in given))

    def clean_group_roles(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, str(self.cleaned_data["group_roles"]).splitlines())):
            group, sign, role = line.rpartition("=")
            if not sign or not group.strip():
                raise forms.ValidationError(
                    _now("A line says: group = role. This one does not: %(line)s"), params={"line": line[:60]}
                )
            found[group.strip()] = role.strip().lower()
        return found


def _initial(provider: IdentityProvider) -> dict[str, Any]:
    lines = "\n".join(f"{group} = {role}" for group, role in provider.group_roles.items())
    same = {name: getattr(provider, name) for name in SAME}
    return same | {"domains": " ".join(provider.domains), "group_roles": lines}
