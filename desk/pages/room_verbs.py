"""The verbs of the room: for each its form, the service behind it, and what is said when it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat import services as chat
from common.errors import NotAllowedNow
from desk.forms import resolving as forms_of
from desk.forms.affected import AccessForm, WaiveForm
from desk.forms.record import UnlinkForm
from desk.forms.room import (
    CauseForm,
    ChatForm,
    EndForm,
    NothingForm,
    OverrideForm,
    ReasonForm,
    StepForm,
    TickForm,
)
from escalation import services
from escalation.initiate import relations
from escalation.models import Escalation
from escalation.services import resolving as resolving
from escalation.services import reviewing
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


def _announce(user: User, number: int, given: dict[str, Any], now: datetime) -> object:
    told = {name: given[name] for name in ("customers", "stakeholders")}
    return resolving.announce(user=user, number=number, now=now, **told)


def _resolve_related(user: User, number: int, given: dict[str, Any], now: datetime) -> object:
    """What was refused is said ticket by ticket; the rest is done."""
    outcomes = resolving.resolve_related(user=user, number=number, now=now, **given)
    refused = [f"#{one.ticket.number}: {one.refused}" for one in outcomes if one.refused]
    if refused:
        raise NotAllowedNow(" ".join(refused))
    return outcomes


VERBS = {
    "acknowledge": Verb(NothingForm, _call(services.acknowledge), _("Acknowledged: the ladder has stopped.")),
    "accept": Verb(NothingForm, _call(services.accept), _("Accepted: it is your team's now.")),
    "begin-communication": Verb(OverrideForm, _call(services.begin_communication), _("Now at Communicate.")),
    "begin-resolution": Verb(OverrideForm, _call(services.begin_resolution), _("Now at Resolve.")),
    "resolve": Verb(OverrideForm, _call(services.resolve), _("Declared resolved.")),
    "close": Verb(OverrideForm, _call(services.close), _("Closed.")),
    "create-plan": Verb(NothingForm, _call(services.create_plan), _("The plan is made."), "#plan"),
    "task": Verb(TickForm, _call(services.finish_task), None, "#plan"),
    "guide-step": Verb(StepForm, _call(services.tick_step), None, "#guide"),
    "verify": Verb(forms_of.VerifyForm, _call(services.verify), _("The resolution is verified.")),
    "confirm-access": Verb(AccessForm, _call(services.confirm_access), _("Access is confirmed.")),
    "waive-access": Verb(WaiveForm, _call(services.confirm_access), _("It is on record why.")),
    "hand-over": Verb(
        forms_of.HandForm, _call(services.hand_over), _("It is handed over, and waits to be acknowledged.")
    ),
    "acknowledge-hand-over": Verb(NothingForm, _call(services.acknowledge_hand_over), _("You have taken it over.")),
    "cause": Verb(CauseForm, _call(services.choose_cause), _("The cause is on record.")),
    "withdraw": Verb(EndForm, _call(services.withdraw), _("Withdrawn.")),
    "return": Verb(EndForm, _call(services.return_to_sender), _("Returned to where it came from.")),
    "deescalate": Verb(EndForm, _call(services.deescalate), _("De-escalated.")),
    "reopen": Verb(ReasonForm, _call(services.reopen), _("Reopened, back at Resolve.")),
    "chat": Verb(ChatForm, _say, None, "#chat"),
    "responsible": Verb(forms_of.DutyForm, _call(resolving.name_responsible), _("The role is given."), "#duties"),
    "announce": Verb(forms_of.VerifyForm, _announce, _("The notices are on their way."), "#verify"),
    "task-force": Verb(
        forms_of.TaskForceForm, _call(resolving.form_task_force), _("The task force is called together."), "#force"
    ),
    "technical-plan": Verb(
        forms_of.TechnicalPlanForm, _call(resolving.present_plan), _("The technical plan is presented."), "#force"
    ),
    "review-plan": Verb(forms_of.ReviewForm, _call(resolving.review_plan), _("The review is saved."), "#force"),
    "request-analysis": Verb(
        forms_of.RequestForm, _call(resolving.request_analysis), _("The analysis is asked for."), "#analysis"
    ),
    "call-review": Verb(NothingForm, _call(reviewing.call_for_review), _("The review is called for."), "#review"),
    "kudos": Verb(forms_of.KudosForm, _call(resolving.praise), _("Your thanks are said."), "#kudos"),
    "unlink": Verb(UnlinkForm, _call(relations.unlink), _("The link is taken away, on both sides."), "#linked"),
    "resolve-related": Verb(forms_of.RelatedForm, _resolve_related, None, "#related"),
}
