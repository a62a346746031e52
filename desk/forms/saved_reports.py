"""A saved report: its name, who has it, and when it goes by mail to whom."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from desk.forms.several import SeveralRows
from desk.forms.views import ALL, ME
from people.models import Team, User
from reports.enums import Every
from reports.models import SavedReport
from reports.occurring import LAST_DAY
from reports.saved import LAST_HOUR, NAME_LIMIT, Plan, colleagues

USUAL_HOUR = 8


class SavedReportForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    audience = forms.ChoiceField(label=_("Who has it"), initial=ME)
    every = forms.ChoiceField(label=_("By mail"), choices=Every.choices, required=False)
    weekday = forms.ChoiceField(
        label=_("On"),
        choices=list(WEEKDAYS.items()),
        required=False,
        help_text=_("If it goes every week."),
    )
    monthday = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=LAST_DAY,
        initial=1,
        required=False,
        help_text=_("If it goes every month; shorter months end with it."),
    )
    hour = forms.ChoiceField(
        label=_("At"),
        choices=[(hour, f"{hour:02d}:00") for hour in range(LAST_HOUR + 1)],
        initial=USUAL_HOUR,
        required=False,
        help_text=_("By your own clock."),
    )
    recipients = SeveralRows(
        User.objects.none(),
        label=_("To whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody reads the figures of what he may see himself, in his own language and zone."),
    )

    def __init__(self, data: Any = None, *, user: User, saved: SavedReport | None = None) -> None:
        super().__init__(data, initial=_initial(user, saved))
        self.teams = {team.slug: team for team in Team.objects.open_to(user).order_by("name")}
        teams = [(slug, text("The team %(team)s") % {"team": team.name}) for slug, team in self.teams.items()]
        choices = [(ME, _("Only me")), (ALL, _("Everybody at the desk")), *teams]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined] # a ChoiceField
        self.fields["recipients"].queryset = colleagues()  # type: ignore[attr-defined] # of that kind

    @property
    def plan(self) -> Plan:
        """Only after `is_valid`."""
        given = self.cleaned_data
        every = Every(given["every"])
        day = {Every.WEEK: int(given["weekday"] or 0), Every.MONTH: given["monthday"] or 1}.get(every, 0)
        return Plan(every, day, int(given["hour"] or USUAL_HOUR), list(given["recipients"]))


def _initial(user: User, saved: SavedReport | None) -> dict[str, Any]:
    if saved is None:
        return {"recipients": [user.pk]}
    audience = ALL if saved.is_shared else saved.team.slug if saved.team else ME
    day = {Every.WEEK: {"weekday": saved.day}, Every.MONTH: {"monthday": saved.day}}.get(Every(saved.every), {})
    chosen = list(saved.recipients.values_list("pk", flat=True)) or [user.pk]
    return {
        "name": saved.name,
        "audience": audience,
        "every": saved.every,
        "hour": saved.hour,
        "recipients": chosen,
        **day,
    }
