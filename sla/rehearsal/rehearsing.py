"""The whole rehearsal: all the tickets of the last days, played by this process or by several."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from common.processes import shared_by
from sla.models import Policy
from sla.policies import Terms
from sla.rehearsal.comparing import Comparison, Rehearsal
from sla.rehearsal.past import BATCH, numbers_since

# With fewer tickets for each, another process takes longer to begin than it saves.
WORTH_A_PROCESS = 5000


def rehearse(
    policy: Policy,
    terms: Terms,
    *,
    since: datetime,
    until: datetime,
    at_most: int | None = None,
    processes: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Comparison:
    """The past as the policies are, and as they would be with these terms. Nothing is written.

    `at_most` takes the newest tickets only. `processes` are used where there are tickets enough; see
    `common.processes` for who may. `progress` is told how many of how many have been played.
    """
    numbers = numbers_since(since)
    if at_most is not None:
        numbers = numbers[-at_most:]
    found = Comparison(since, until)
    prepare = partial(_player, policy, terms, since, until)
    with shared_by(min(processes, len(numbers) // WORTH_A_PROCESS), prepare) as play:
        for part in play(numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)):
            found.take_in(part)
            progress(found.tickets, len(numbers))
    return found


def _player(policy: Policy, terms: Terms, since: datetime, until: datetime) -> Callable[[list[int]], Comparison]:
    return Rehearsal(policy, terms, since, until).of
