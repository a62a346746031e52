"""A forecast in words: why, and the cheapest thing to do about it."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reports.models import Outlook

_LONG = 48
_DAY = 24


def time_of(hours: float) -> str:
    """In hours, or in days from two of them on; never less than one."""
    if hours < _LONG:
        n = max(1, round(hours))
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    n = round(hours / _DAY)
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _age(hours: float) -> str:
    return gettext("It has been open for %(time)s.") % {"time": time_of(hours)}


def _waits(hours: float) -> str:
    return gettext("The customer has waited %(time)s for an answer.") % {"time": time_of(hours)}


def _silence(hours: float) -> str:
    return gettext("The last answer was %(time)s ago.") % {"time": time_of(hours)}


def _written(times: float) -> str:
    return ngettext("The customer wrote %(n)d time.", "The customer wrote %(n)d times.", int(times)) % {"n": times}


def _unanswered(times: float) -> str:
    said = ngettext("%(n)d message since the last answer.", "%(n)d messages since the last answer.", int(times))
    return said % {"n": times}


def _answers(times: float) -> str:
    return ngettext("Answered %(n)d time so far.", "Answered %(n)d times so far.", int(times)) % {"n": times}


def _hand_overs(times: float) -> str:
    return ngettext("Handed over %(n)d time.", "Handed over %(n)d times.", int(times)) % {"n": times}


def _unowned(hours: float) -> str:
    if hours <= 0:
        return gettext("It has an owner.")
    return gettext("It has been without an owner for %(time)s.") % {"time": time_of(hours)}


def _reopened(times: float) -> str:
    return ngettext("Its status changed %(n)d time.", "Its status changed %(n)d times.", int(times)) % {"n": times}


def _raised(times: float) -> str:
    return ngettext("Its priority changed %(n)d time.", "Its priority changed %(n)d times.", int(times)) % {"n": times}


def _time_left(hours: float) -> str:
    if hours < 0:
        return gettext("A promise is late by %(time)s.") % {"time": time_of(-hours)}
    return gettext("A promise is due in %(time)s.") % {"time": time_of(hours)}


def _broken(times: float) -> str:
    return ngettext("%(n)d promise was broken already.", "%(n)d promises were broken already.", int(times)) % {
        "n": times
    }


def _customers(times: float) -> str:
    said = ngettext(
        "%(n)d escalation of this customer in 90 days.", "%(n)d escalations of this customer in 90 days.", int(times)
    )
    return said % {"n": times}


def _crowd(times: float) -> str:
    return ngettext("Its team has %(n)d open.", "Its team has %(n)d open.", int(times)) % {"n": times}


_RANKS: dict[int, Promise] = {1: _("Low priority."), 2: _("Normal priority."), 3: _("High priority."), 4: _("Urgent.")}


def _priority(rank: float) -> str:
    return str(_RANKS.get(int(rank), ""))


def _paused(_yes: float) -> str:
    return gettext("It waits for the customer.") if _yes else gettext("It waits for the desk.")


_REASONS: dict[str, Callable[[float], str]] = {
    "age": _age,
    "waits": _waits,
    "silence": _silence,
    "written": _written,
    "unanswered": _unanswered,
    "answers": _answers,
    "hand_overs": _hand_overs,
    "unowned": _unowned,
    "reopened": _reopened,
    "raised": _raised,
    "priority": _priority,
    "time_left": _time_left,
    "broken": _broken,
    "customers_escalations": _customers,
    "crowd": _crowd,
    "paused": _paused,
}

_ANSWER = _("Answer now, if only to say when more follows.")
_OWNER = _("Give it an owner.")
_CALL = _("Call the customer, and say what happens next.")
_SOON = _("Do it next, or agree on another time before it is due.")

# What costs least and works on the reason itself.
_STEPS: dict[str, Promise] = {
    "waits": _ANSWER,
    "unanswered": _ANSWER,
    "written": _ANSWER,
    "silence": _ANSWER,
    "answers": _CALL,
    "unowned": _OWNER,
    "hand_overs": _("Let both leads agree who keeps it."),
    "time_left": _SOON,
    "broken": _CALL,
    "reopened": _CALL,
    "raised": _CALL,
    "customers_escalations": _("Call the customer before he has to ask."),
    "crowd": _("Lend the team somebody for today."),
    "age": _("Tell the customer what it waits for."),
    "priority": _("Make sure that its owner knows how urgent it is."),
    "paused": _("Ask whether the pause is still right."),
}


def reasons(outlook: Outlook) -> list[str]:
    """Why it is likely, the strongest first; what this version knows no words for is left out."""
    return [_REASONS[name](value) for name, value in outlook.reasons if name in _REASONS]


def step(outlook: Outlook) -> str:
    """What to do about a likely escalation."""
    known = (name for name, _value in outlook.reasons if name in _STEPS)
    return str(_STEPS.get(next(known, ""), _("Look at it yourself.")))


def step_in_line(outlook: Outlook) -> str:
    """What to do about a promise that nobody will reach."""
    if outlook.turn_at is None:
        return gettext("Nobody of the team is there: give it to another team, or ask who is on duty.")
    if outlook.ticket.assignee_id is None:
        return gettext("Give it to somebody who is there now.")
    return gettext("Let its owner take it before the others.")
