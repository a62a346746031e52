"""The verbs of the room: for each its form, the service behind it, and what is said when it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat import services as chat
from desk.forms.affected import AccessForm, WaiveForm
from desk.forms.room import (
    CauseForm,
    ChatForm,
    NoteForm,
    NothingForm,
    OverrideForm,
    ReasonForm,
    TickForm,
)
from escalation import services
from escalation.models import Escalation
from people.models import User


class Verb(NamedTuple):
    """`act` gets the user, the escalation's number, the cleaned form and the present instant."""

    form: type[forms.Form]
    act: Callable[[User, int, dict[str, Any], datetime], object]
    said: Promise | None = None
    place: str = ""


def _call(service: Callable[..., object]) -> Callable[[User, int, dict[str, Any], datetime], object]:
    """The cleaned fields are the service's own keywords."""
    return lambda user, number, given, now: service(user=user, number=number, now=now, **given)


def _say(user: User, number: int, given: dict[str, Any], now: datetime) -> object:
    def may_read(person: User) -> bool:
        return Escalation.objects.visible_to(person).filter(number=number).exists()

    path = reverse("desk:escalation", args=[number]) + "#chat"
    return chat.say(user=user, subject=f"E-{number}", body=given["body"], now=now, path=path, may_read=may_read)


VERBS = {
    "acknowledge": Verb(NothingForm, _call(services.acknowledge), _("Acknowledged: the ladder has stopped.")),
    "begin-communication": Verb(OverrideForm, _call(services.begin_communication), _("Now at Communicate.")),
    "begin-resolution": Verb(OverrideForm, _call(services.begin_resolution), _("Now at Resolve.")),
    "resolve": Verb(OverrideForm, _call(services.resolve), _("Declared resolved.")),
    "close": Verb(OverrideForm, _call(services.close), _("Closed.")),
    "create-plan": Verb(NothingForm, _call(services.create_plan), _("The plan is made."), "#plan"),
    "task": Verb(TickForm, _call(services.finish_task), None, "#plan"),
    "verify": Verb(NoteForm, _call(services.verify), _("The resolution is verified.")),
    "confirm-access": Verb(AccessForm, _call(services.confirm_access), _("Access is confirmed.")),
    "waive-access": Verb(WaiveForm, _call(services.confirm_access), _("It is on record why.")),
    "cause": Verb(CauseForm, _call(services.choose_cause), _("The cause is on record.")),
    "withdraw": Verb(ReasonForm, _call(services.withdraw), _("Withdrawn.")),
    "return": Verb(ReasonForm, _call(services.return_to_sender), _("Returned to where it came from.")),
    "deescalate": Verb(ReasonForm, _call(services.deescalate), _("De-escalated.")),
    "reopen": Verb(ReasonForm, _call(services.reopen), _("Reopened, back at Resolve.")),
    "chat": Verb(ChatForm, _say, None, "#chat"),
}
