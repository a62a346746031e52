"""What is asked before a ticket changes hands, rests, or is put away."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT
from people.models import Team, User
from tickets.enums import Trash
from tickets.follow_ups import OUTCOME_LIMIT

MORNING = time(9)


class HandOverForm(forms.Form):
    team = forms.ModelChoiceField(label=_("To the team"), queryset=Team.objects.none(), required=False)
    assignee = forms.ModelChoiceField(label=_("To the person"), queryset=User.objects.none(), required=False)
    note = forms.CharField(
        label=_("What they should know"),
        help_text=_("Stands on the ticket as an internal note and goes to whoever gets it."),
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.open_to(user).order_by("name")
        people = User.objects.active().staff().exclude(pk=user.pk).order_by("name")
        nobody = (("team", teams, _("The same team")), ("assignee", people, _("Nobody in particular")))
        for name, rows, empty in nobody:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = rows
            field.empty_label = str(empty)


class SnoozeForm(forms.Form):
    """The next working morning is offered; times are the reader's."""

    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Why, for the timeline"), required=False, max_length=200)
    hold = forms.BooleanField(
        label=_("Put it on hold until then, and take it up again by itself"),
        help_text=_("It waits for an agreed date; which of its clocks stand still for that, its policy says."),
        required=False,
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        morning = localtime(now) + timedelta(days=1)
        while morning.weekday() > 4:
            morning += timedelta(days=1)
        self.fields["until"].initial = morning.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)


class PutAwayForm(forms.Form):
    what = forms.ChoiceField(label=_("As"), choices=Trash.choices, widget=forms.RadioSelect)
    block = forms.BooleanField(label=_("Spam: drop further mail from this sender"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("block") and given.get("what") == Trash.TRASH:
            self.add_error("block", _("Only of spam the sender is blocked: choose spam, or leave this out."))
        return given


class BlockForm(forms.Form):
    pattern = forms.CharField(
        label=_("Address or domain"),
        help_text=_("Like offers@shop.example, or @shop.example for all of it."),
        max_length=254,
    )


class FollowUpForm(forms.Form):
    outcome = forms.CharField(
        label=_("How it ended"),
        help_text=_("What the customer says now, and what was done about it. It stays on the ticket, internally."),
        max_length=OUTCOME_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how it ended; it stays on record.")},
    )
