"""Conditions as the checklist shows them: how each stands, whose it is, and the button that meets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Condition
from escalation.models import Escalation
from escalation.permissions import confirms_access, may_accept, was_alerted, works_on
from people.models import User
from tickets.models import Ticket


class _Way(NamedTuple):
    """How a condition is met: a verb to send, or a place on the page (or the ticket's) to do it."""

    words: Promise
    verb: str = ""
    place: str = ""
    on_ticket: bool = False
    page: str = ""
    dialog: bool = False


_WAYS = {
    "hand_off_accepted": _Way(gettext_lazy("Accept it"), verb="accept"),
    "acknowledged": _Way(gettext_lazy("Acknowledge"), verb="acknowledge"),
    "impact_known": _Way(gettext_lazy("Say it"), page="desk:escalation_details", dialog=True),
    "customers_informed": _Way(gettext_lazy("Write to customers"), place="?audience=customers#update"),
    "stakeholders_informed": _Way(gettext_lazy("Write to stakeholders"), place="?audience=stakeholders#update"),
    "next_update_promised": _Way(gettext_lazy("Promise it"), place="?audience=customers#update"),
    "plan_owned": _Way(gettext_lazy("Edit the plan"), place="?plan=1#plan"),
    "plan_done": _Way(gettext_lazy("Show the plan"), place="#plan"),
    "customer_answered": _Way(gettext_lazy("Reply"), place="#composer", on_ticket=True),
    "ticket_solved": _Way(gettext_lazy("Open the ticket"), on_ticket=True),
    "verified": _Way(gettext_lazy("Verify"), place="#verify"),
    "notices_sent": _Way(gettext_lazy("Write the notices"), place="#verify"),
    "technical_plan_accepted": _Way(gettext_lazy("Show the task force"), place="#force"),
    "related_resolved": _Way(gettext_lazy("Show them"), place="#related"),
    "review_requested": _Way(gettext_lazy("Ask for it"), place="#analysis"),
    "analysis_submitted": _Way(gettext_lazy("Show the analysis"), place="#analysis"),
    "access_confirmed": _Way(gettext_lazy("Confirm access"), verb="confirm-access"),
    "guide_followed": _Way(gettext_lazy("Show the guide"), place="#guide"),
    "cause_chosen": _Way(gettext_lazy("Choose the cause"), place="#cause"),
}
# Of several customers each is looked at for himself.
_REVIEW = _Way(gettext_lazy("Review them"), place="?only=open", page="desk:escalation_customers")
_RIGHTS = {"accept": may_accept, "acknowledge": was_alerted, "confirm-access": confirms_access}


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str
    post: bool = False
    primary: bool = False
    dialog: bool = False


@dataclass(frozen=True, slots=True)
class ConditionLook:
    """As the checklist component reads it."""

    state: str
    text: str
    detail: str
    action: Action | None = None


def checklist_look(escalation: Escalation, user: User, conditions: Sequence[Condition]) -> list[ConditionLook]:
    """In the order given; the first open one has the primary button."""
    first = next((condition.name for condition in conditions if not condition.met), "")
    return [
        ConditionLook(
            state="yes" if condition.met else "no",
            text=condition.sentence,
            detail=_detail(condition),
            action=None if condition.met else _action(escalation, user, condition.name, condition.name == first),
        )
        for condition in conditions
    ]


def _detail(condition: Condition) -> str:
    if condition.overridden_by:
        return _("Set aside by %(name)s.") % {"name": condition.overridden_by}
    if condition.met or not condition.by_role:
        return condition.detail
    return _("%(detail)s Belongs to: %(role)s.") % {"detail": condition.detail, "role": condition.by_role}


def _action(escalation: Escalation, user: User, name: str, primary: bool) -> Action | None:
    way = _REVIEW if name == "access_confirmed" and escalation.affected_count > 1 else _WAYS.get(name)
    if way is None:
        return None
    if way.verb:
        if not _RIGHTS[way.verb](user, escalation):
            return None
        url = reverse("desk:escalation_verb", args=[escalation.number, way.verb])
        return Action(str(way.words), url, post=True, primary=primary)
    if way.page:
        url = reverse(way.page, args=[escalation.number]) + way.place
        allowed = not way.dialog or works_on(user, escalation)
        return Action(str(way.words), url, primary=primary, dialog=way.dialog) if allowed else None
    if way.on_ticket:
        if not Ticket.objects.visible_to(user).filter(pk=escalation.ticket_id).exists():
            return None
        return Action(str(way.words), reverse("desk:ticket", args=[escalation.ticket_id]) + way.place, primary=primary)
    return Action(str(way.words), reverse("desk:escalation", args=[escalation.number]) + way.place, primary=primary)
