"""A routing rule as a form: when it is asked, of which tickets, and what it does."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.errors import InvalidInput
from common.lengths import length_words, parse_length
from desk.forms.actions import ActionRows
from desk.forms.conditions import ConditionRows
from tickets.enums import RuleEvent
from tickets.routing.editing import NAME_LIMIT, Terms

AFTERWARDS = [
    ("", _("The search ends: no rule below is asked.")),
    ("on", _("The rules below are asked as well; what this one says stands.")),
]


class RuleForm(forms.Form):
    """`terms` reads it. Of the catch-all only what it does can be changed."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT, help_text=_("Timelines show it."))
    event = forms.ChoiceField(label=_("When it is asked"), choices=RuleEvent.choices, widget=forms.RadioSelect)
    quiet_for = forms.CharField(
        label=_("Nothing happened for"), required=False, max_length=40, help_text=_("As 4 h, 30 min or 2 d.")
    )
    calendar = forms.ModelChoiceField(
        Calendar.objects.active(), label=_("In the hours of"), required=False, empty_label=_("Round the clock")
    )
    goes_on = forms.ChoiceField(
        label=_("When it has fired"), choices=AFTERWARDS, required=False, widget=forms.RadioSelect
    )

    def __init__(self, given: QueryDict | None, terms: Terms, *, is_catch_all: bool = False) -> None:
        # A button of an editor of rows shows what was typed again; it judges nothing and keeps nothing.
        self.is_edited = given is not None and (
            ConditionRows.is_being_edited(given) or ActionRows.is_being_edited(given)
        )
        super().__init__(
            None if self.is_edited else given, initial=given.dict() if given and self.is_edited else _initial(terms)
        )
        self.is_catch_all = is_catch_all
        if is_catch_all:
            for name in ("event", "quiet_for", "calendar", "goes_on"):
                del self.fields[name]
        asked = given is not None and ConditionRows.is_in(given)
        self.editor = ConditionRows.read(given) if given and asked else ConditionRows.of(terms.conditions)
        done = given is not None and ActionRows.is_in(given)
        self.actions = ActionRows.read(given) if given and done else ActionRows.of(terms.actions)

    def terms(self) -> Terms:
        """After `is_valid`. InvalidInput with the sentence of everything that is wrong."""
        errors: dict[str, list[str]] = {}
        made: dict[str, Any] = {"name": self.cleaned_data["name"]}
        for name, read in (("conditions", self.editor.conditions), ("actions", self.actions.actions)):
            try:
                made[name] = read()
            except InvalidInput as error:
                errors |= error.errors
        if not self.is_catch_all:
            made |= self._occasion(errors)
        if errors:
            raise InvalidInput(errors)
        return Terms(**made)

    def _occasion(self, errors: dict[str, list[str]]) -> dict[str, Any]:
        given = self.cleaned_data
        quiet_for: timedelta | None = None
        if given["event"] == RuleEvent.QUIET and given["quiet_for"]:
            try:
                quiet_for = parse_length(given["quiet_for"])
            except ValueError as error:
                errors["quiet_for"] = [str(error)]
        elif given["event"] == RuleEvent.QUIET:
            errors["quiet_for"] = [_now("Say for how long nothing has happened.")]
        calendar = given["calendar"] if given["event"] == RuleEvent.QUIET else None
        return {
            "event": given["event"],
            "goes_on": bool(given["goes_on"]),
            "quiet_for": quiet_for,
            "calendar": calendar.pk if calendar else None,
        }


def _initial(terms: Terms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "event": terms.event,
        "quiet_for": length_words(terms.quiet_for) if terms.quiet_for else "",
        "calendar": terms.calendar,
        "goes_on": "on" if terms.goes_on else "",
    }
