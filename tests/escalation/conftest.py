from collections.abc import Callable
from datetime import timedelta

import pytest

from escalation import sweep
from escalation.models import Escalation


@pytest.fixture
def breached(policy, open_ticket, time, at) -> Callable[..., Escalation]:
    """A ticket whose first reply was missed, and the escalation that came of it. Severity by its priority."""

    def make(**fields) -> Escalation:
        ticket = open_ticket(now=time.now, **fields)
        time.move_to(time.now + timedelta(hours=6))
        sweep.run()
        return Escalation.objects.get(ticket=ticket)

    return make
