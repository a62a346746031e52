"""What a ticket stands still for: of which kind the reason is, said with the step or the usual one."""

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from tickets.enums import WAITS, Status

# The steps after which a ticket stands still.
STILL = {"wait": Status.WAITING, "hold": Status.ON_HOLD}


def check(verb: str, given: str) -> None:
    """InvalidInput where the step has no such reason; none given is the usual one."""
    if given and verb not in STILL:
        raise InvalidInput.of("waits_for", _("Nothing is waited for after this step."))
    known = WAITS[STILL[verb]] if verb in STILL else ()
    if given and given not in known:
        sentence = _("After this step a ticket waits for one of %(known)s.")
        raise InvalidInput.of("waits_for", sentence % {"known": ", ".join(known)})


def kind_of(status: str, given: str) -> str:
    """The kind in that status: what was given, or the usual one; empty where work goes on."""
    return str(given or WAITS[status][0]) if status in WAITS else ""
