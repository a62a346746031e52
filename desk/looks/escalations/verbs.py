"""What the reader may do to an escalation at its present state: one table for the buttons of the room."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.enums import LIVE_STATES, OPEN_STATES, Kind, State
from escalation.models import Escalation
from escalation.permissions import may_declare, may_withdraw, received, runs, was_alerted
from people.models import User


class Forward(NamedTuple):
    """A step along the four. `enters` heads the conditions; `cannot` heads the page that refuses."""

    name: str
    words: Promise
    enters: Promise
    cannot: Promise
    anyway: Promise
    may: Callable[[User, Escalation], bool]


class Aside(NamedTuple):
    """Off the four steps, or back: needs a reason."""

    name: str
    words: Promise
    hint: Promise
    states: tuple[str, ...]
    may: Callable[[User, Escalation], bool]
    ends: bool = True


FORWARD = {
    State.INITIATED: Forward(
        "begin-communication",
        _("Move to Communicate"),
        _("To enter Communicate"),
        _("%(ref)s cannot move to Communicate yet"),
        _("Move on anyway"),
        runs,
    ),
    State.COMMUNICATING: Forward(
        "begin-resolution",
        _("Move to Resolve"),
        _("To enter Resolve"),
        _("%(ref)s cannot move to Resolve yet"),
        _("Move on anyway"),
        runs,
    ),
    State.RESOLVING: Forward(
        "resolve",
        _("Declare resolved"),
        _("To declare it resolved"),
        _("%(ref)s cannot be declared resolved yet"),
        _("Declare it anyway"),
        may_declare,
    ),
    State.RESOLVED: Forward(
        "close",
        pgettext_lazy("button", "Close"),
        _("To close"),
        _("%(ref)s cannot be closed yet"),
        _("Close anyway"),
        may_declare,
    ),
}


def _may_return(user: User, escalation: Escalation) -> bool:
    return escalation.kind == Kind.FUNCTIONAL and received(user, escalation)


ASIDE = (
    Aside(
        "return",
        _("Return it"),
        _("The ticket goes back to the team it came from."),
        (State.INITIATED, State.COMMUNICATING),
        _may_return,
    ),
    Aside(
        "withdraw",
        _("Withdraw it"),
        _("It was asked for and is not needed any more."),
        (State.REQUESTED, State.INITIATED),
        may_withdraw,
    ),
    Aside(
        "deescalate",
        _("De-escalate"),
        _("It needs no escalation any more; the ticket goes on."),
        tuple(OPEN_STATES),
        may_declare,
    ),
    Aside(
        "reopen",
        _("Reopen it"),
        _("It was not resolved: back to Resolve."),
        (State.RESOLVED, State.CLOSED),
        may_declare,
        ends=False,
    ),
)


def forward(escalation: Escalation) -> Forward | None:
    """The next step, whoever may take it."""
    return FORWARD.get(State(escalation.state))


def aside(escalation: Escalation, user: User) -> list[Aside]:
    return [verb for verb in ASIDE if escalation.state in verb.states and verb.may(user, escalation)]


def may_acknowledge(escalation: Escalation, user: User) -> bool:
    is_open = escalation.state in LIVE_STATES and escalation.state != State.REQUESTED
    waits = not escalation.is_acknowledged and is_open
    return waits and was_alerted(user, escalation)
