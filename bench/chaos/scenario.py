"""The scenario: how large it is, what harm is done how often, and when. A run is repeated by its seed."""

import random as randomness
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from bench.chaos import harm
from bench.chaos.harm import Field

FIVE_MINUTES = 300.0
# How likely a process dies at each point that it comes to (common/failpoints.py). A batch of clocks comes to the
# first three, each mail to the last two.
CHANCES = {
    "after_claim": 0.02,
    "before_commit": 0.03,
    "after_commit": 0.03,
    "after_send": 0.0004,
    "before_mark": 0.0004,
}


@dataclass(frozen=True)
class Harm:
    """`times` in five minutes; a shorter run has its share of it, at least once."""

    name: str
    times: int
    act: Callable[[Field], None]


HARMS = (
    *(
        Harm(f"{kind} killed", times, partial(harm.kill, kind))
        for kind, times in {
            "pool child": 120,
            "worker": 60,
            "beat": 50,
            "watchdog": 75,
            "web": 75,
            "sweeper": 20,
        }.items()
    ),
    Harm("broker flushed", 3, harm.flush_broker),
    Harm("broker stopped", 2, harm.stop_broker),
    Harm("broker frozen", 2, harm.freeze_broker),
    Harm("database shut down and started", 1, partial(harm.restart_database, "fast")),
    Harm("database crashed and started", 1, partial(harm.restart_database, "immediate")),
)


@dataclass(frozen=True)
class Plan:
    """One size of it; seconds where nothing else is said."""

    clocks: int
    window: float
    # Until the first clock is due: the tickets are written meanwhile.
    head_start: float
    managers: int
    sweepers: int
    # How much likelier than `CHANCES`: a short run comes to fewer points.
    likelier: float
    # Fall due while everything is stopped.
    outage: int
    # The leases of the dead last two minutes; a short run does not wait for them and lets the clock run ahead.
    waits_for_leases: bool
    patience: float

    @property
    def lull(self) -> float:
        """How long a broker stays away."""
        return min(20.0, self.window / 5)

    def timetable(self, random: randomness.Random, *, with_database: bool) -> Iterator[tuple[float, Harm]]:
        """(Seconds after the first due time, harm): each kind spread over the window, by chance."""
        for each in HARMS:
            if each.name.startswith("database") and not with_database:
                continue
            times = max(1, round(each.times * self.window / FIVE_MINUTES))
            for number in range(times):
                yield self.window * (number + random.random()) / times, each

    @property
    def failpoints(self) -> str:
        return ",".join(f"{point}={min(1.0, chance * self.likelier):g}" for point, chance in CHANCES.items())


SHORT = Plan(
    clocks=200,
    window=14.0,
    head_start=20.0,
    managers=3,
    sweepers=1,
    likelier=4.0,
    outage=300,
    waits_for_leases=False,
    patience=60.0,
)


def plan_of(size: int) -> Plan:
    """10,000 clocks over five minutes and 50,000 in the outage, or a share of that; never under a minute."""
    window = max(60.0, FIVE_MINUTES * size / 10_000)
    return Plan(
        clocks=size,
        window=window,
        head_start=20.0 + size / 100,
        managers=3,
        sweepers=3,
        likelier=2.0 if size < 5_000 else 1.0,
        outage=size * 5,
        waits_for_leases=True,
        patience=900.0,
    )
