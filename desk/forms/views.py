from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.looks.inbox.inbox import ORDERS
from desk.looks.inbox.views import VIEWS
from people.models import User
from tickets.saved import NAME_LIMIT, USUAL_COLUMNS, columns_offered, teams_to_share_with
from tickets.search import LONGEST_QUERY

COLUMN_WORDS = {
    "next": _("Next step"),
    "owner": _("Owner"),
    "customer": _("Customer"),
    "tags": _("Tags"),
    "team": _("Team"),
    "opened": _("Opened"),
    "changed": _("Changed"),
}
ME, ALL = "me", "all"


class SavedViewForm(forms.Form):
    """A view's name, what it finds, what its rows show, and who has it in his rail."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    base = forms.ChoiceField(
        label=_("Out of"), choices=[(name, view.words) for name, view in VIEWS.items()], required=False
    )
    query = forms.CharField(label=_("Search"), max_length=LONGEST_QUERY, required=False)
    order = forms.ChoiceField(label=_("Order"), choices=list(ORDERS.items()), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Shown in a row"),
        initial=list(USUAL_COLUMNS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.ChoiceField(label=_("Who has it"), initial=ME)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(name, label or COLUMN_WORDS[name]) for name, label in columns_offered().items()]
        self.fields["columns"].choices = columns  # type: ignore[attr-defined] # a MultipleChoiceField
        self.teams = {team.slug: team for team in teams_to_share_with(user)}
        everybody = [(ALL, _("Everybody at the desk"))] if user.is_manager else []
        teams = [(slug, _("The team %(team)s") % {"team": team.name}) for slug, team in self.teams.items()]
        self.fields["audience"].choices = [(ME, _("Only me")), *everybody, *teams]  # type: ignore[attr-defined] # a ChoiceField
