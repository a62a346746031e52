"""How a person wants to be alerted: a box for each kind and channel, quiet hours, digests."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from notifications.enums import AlertKind, Channel
from notifications.models import Preferences
from notifications.preferring import CHANNELS, MOST_ALERTS, MOST_MINUTES

SEVERITIES = [
    (0, _("nothing")),
    (1, _("severity 1")),
    (2, _("severity 1 and 2")),
    (3, _("severity 1 to 3")),
    (4, _("every severity")),
]


class KindRow(NamedTuple):
    words: str
    boxes: list[BoundField]


class AlertingForm(forms.Form):
    """Of each kind and channel a box that is ticked where it is wanted."""

    calendar = forms.ModelChoiceField(
        label=_("Only in the working hours of"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("none: at any time"),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    quiet_until = forms.TimeField(
        label=_("until"),
        required=False,
        help_text=_("In your zone. What comes meanwhile goes out when they end."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    breaks_through = forms.TypedChoiceField(
        label=_("At once all the same"), choices=SEVERITIES, coerce=int, help_text=_("Through quiet hours and digests.")
    )
    digest_above = forms.IntegerField(
        label=_("One mail instead of more than"),
        min_value=0,
        max_value=MOST_ALERTS,
        help_text=_("Alerts. The first ones come singly, the rest in one; 0: always singly."),
    )
    digest_minutes = forms.IntegerField(label=_("within minutes"), min_value=1, max_value=MOST_MINUTES)

    def __init__(self, *args: Any, preferences: Preferences, **kwargs: Any) -> None:
        names = ("calendar", "quiet_from", "quiet_until", "breaks_through", "digest_above", "digest_minutes")
        kwargs["initial"] = {name: getattr(preferences, name) for name in names}
        super().__init__(*args, **kwargs)
        field = self.fields["calendar"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker: it is declared above
        field.queryset = Calendar.objects.active()
        for kind in AlertKind:
            for channel in CHANNELS:
                wanted = f"{kind}:{channel}" not in preferences.off
                label = f"{kind.label}: {channel.label}"
                self.fields[f"{kind}:{channel}"] = forms.BooleanField(label=label, required=False, initial=wanted)

    def rows(self) -> Iterator[KindRow]:
        for kind in AlertKind:
            yield KindRow(str(kind.label), [self[f"{kind}:{channel}"] for channel in CHANNELS])

    @property
    def channels(self) -> list[str]:
        return [str(Channel(channel).label) for channel in CHANNELS]

    @property
    def wanted(self) -> dict[str, Any]:
        """As `notifications.preferring` takes them; only after `is_valid`."""
        plain = {name: value for name, value in self.cleaned_data.items() if ":" not in name}
        return {**plain, "off": [name for name, value in self.cleaned_data.items() if ":" in name and not value]}
