"""What the desk calls itself and how it looks."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.colours import ACCENTS, Theme
from common.models import Identity
from common.pictures import MOST_BYTES

TERMS = ("name", "time_zone", "language", "accent_light", "accent_dark")
# A button takes the nearest colour that passes; its name says for which theme.
TAKE = "take_"


class OwnForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Customers read it when they sign in, above their requests and in every mail."),
        max_length=80,
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        help_text=_("Of people who have chosen none. Type a city."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("Of people who have chosen none."), choices=settings.LANGUAGES
    )
    accent_light = forms.CharField(
        label=_("On light pages"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    accent_dark = forms.CharField(
        label=_("On dark pages"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("A PNG or JPEG; it is shown at most 48 pixels high."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    no_logo = forms.BooleanField(label=_("Without a logo"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, row: Identity, defaults: dict[str, str]) -> None:
        initial = {name: getattr(row, name) or defaults[name] for name in TERMS}
        super().__init__(_with_taken(data) if data is not None else None, files, initial=initial)
        self.defaults = defaults
        if not row.logo:
            del self.fields["no_logo"]

    def clean_logo(self) -> bytes | None:
        file = self.cleaned_data["logo"]
        # One byte more than is taken, so that whoever looks at it sees that it is too large.
        return file.read(MOST_BYTES + 1) if file else None

    @property
    def terms(self) -> dict[str, str]:
        """As `common.identity.change` takes them, what is as delivered left empty; only after `is_valid`."""
        given = {name: self.cleaned_data[name].strip() for name in TERMS}
        given |= {name: given[name].lower() for name in ("accent_light", "accent_dark")}
        return {name: "" if value == self.defaults[name] else value for name, value in given.items()}


def defaults() -> dict[str, str]:
    """What each is where the desk has said nothing."""
    return {
        "name": settings.DESK_NAME,
        "time_zone": settings.TIME_ZONE,
        "language": settings.LANGUAGE_CODE,
        **{f"accent_{theme}": ACCENTS[theme] for theme in Theme},
    }


def _with_taken(data: Any) -> Any:
    """With the colour of the button that was pressed, if one was."""
    taken = {f"accent_{theme}": data[TAKE + theme] for theme in Theme if data.get(TAKE + theme)}
    changed = data.copy()
    for name, value in taken.items():
        changed[name] = value
    return changed
