"""What is asked before something is done with a whole ticket."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT, SUBJECT_LIMIT
from people.models import Team, User
from tickets.models import Ticket
from tickets.permissions import who_see

# As people write a number, and as a choice among those that were found is put into the field: with the subject.
_NUMBER = re.compile(r"([1-9]\d{0,17})|#\s*([1-9]\d{0,17})(?:\s.*)?")


def ticket_number(text: str) -> int | None:
    """The number that is meant by “4821”, “#4821” or “#4821 Payouts are stuck”; none by other words."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1] or found[2]) if found else None


class NumberField(forms.CharField):
    """A number as people write it. With script the field finds tickets by their words (static/js/finder.js)."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=300, required=False, **kwargs)  # type: ignore[arg-type] # the stubs want each argument by name

    def clean(self, value: object) -> int | None:
        text = str(super().clean(value))
        number = ticket_number(text)
        if text and number is None:
            raise forms.ValidationError(
                _("Give the number of a ticket, like #4821, or choose one that has these words.")
            )
        return number


class OtherTicketForm(forms.Form):
    """Names a ticket besides the one it is `near`: by what is typed into the field `typed`, or one that is offered."""

    typed: ClassVar[str]
    nothing: ClassVar[Promise]

    pick = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, near: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.typed].widget.attrs["data-find"] = f"{reverse('desk:ticket_find')}?near={near.number}"

    @property
    def words(self) -> str:
        """What was typed where it is no number: to be looked for."""
        text = str(self[self.typed].value() or "").strip() if self.is_bound else ""
        return "" if ticket_number(text) else text

    def clean(self) -> dict[str, Any]:
        given = {**(super().clean() or {})}
        given[self.typed] = given.get(self.typed) or given.get("pick")
        if given[self.typed]:
            # The words that were looked for still stand in the field.
            self.errors.pop(self.typed, None)
        elif self.typed not in self.errors:
            self.add_error(self.typed, str(self.nothing))
        return given


class MergeForm(OtherTicketForm):
    typed = "target"
    nothing = _("Say into which ticket it goes.")

    target = NumberField(label=_("The ticket that stays"), help_text=_("Words of it, or its number."))


class LinkForm(OtherTicketForm):
    """How this ticket stands to which other."""

    typed = "other"
    nothing = _("Say which ticket it is linked to.")

    relation = forms.ChoiceField(label=_("This ticket is"))
    other = NumberField(label=_("The other ticket"), help_text=_("Words of it, or its number."))

    def __init__(self, *args: Any, relations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"] = forms.ChoiceField(label=_("This ticket is"), choices=relations)


class WatcherForm(forms.Form):
    """One of those who see the ticket and do not watch it yet."""

    person = forms.ModelChoiceField(
        label=_("A colleague"),
        help_text=_("Hears at once that he was asked, then when the customer writes and when the status changes."),
        queryset=User.objects.none(),
        empty_label=_("Choose a colleague"),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Who watches has to see the ticket."),
        },
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = who_see(ticket).exclude(watched_tickets=ticket).order_by("name", "pk")


class SplitForm(forms.Form):
    """The message that begins a ticket of its own."""

    message = forms.IntegerField(error_messages={"required": _("Choose a message.")})
    subject = forms.CharField(label=_("What the new ticket is about"), max_length=SUBJECT_LIMIT)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        empty_label=_("As the rules say"),
    )


class _StillOrOnceOpen(forms.TypedMultipleChoiceField):
    """What has been solved since the form was shown is a choice, too: what becomes of each is told one by one."""

    def valid_value(self, value: Any) -> bool:
        return ticket_number(str(value)) is not None


class IncidentsForm(forms.Form):
    """Which incidents, all of them at first, and the one text."""

    incidents = _StillOrOnceOpen(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one incident.")},
    )
    body = forms.CharField(
        label=_("Answer to each customer"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, waiting: Iterable[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["incidents"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
        field.label = _("Incidents to answer and solve")
        field.choices = [(one.number, f"#{one.number} {one.subject}, {one.requester.name}") for one in waiting]
        field.initial = [number for number, _words in field.choices]
