"""A clock that is wound by hand: what an entry does is spelled out, and working minutes are counted one by one."""

from dataclasses import dataclass

from tests.calendars.oracle import Film


@dataclass(frozen=True)
class Line:
    """An entry as the hand reads it: times and targets in minutes, and the hours as a film."""

    at: int
    kind: str
    target: int | None = None
    film: Film | None = None


class WoundByHand:
    def __init__(self) -> None:
        self.state, self.used, self.paused, self.target = "new", 0, 0, 0
        self.was_paused = False
        self.film: Film | None = None
        self.reached: int | None = None

    def live(self, lines: list[Line], until: int) -> None:
        """All that is written down up to `until`. Two processes' clocks differ: a time may go backwards."""
        at = lines[0].at
        for line in lines:
            if max(at, line.at) > until:
                break
            self._wind(at, max(at, line.at))
            at = max(at, line.at)
            self._take(line)
        self._wind(at, until)

    def due(self, now: int) -> int | None:
        """When the target is used up if the clock runs on."""
        if self.state != "running" or self.film is None:
            return None
        if self.reached is not None:
            return self.reached
        if self.used >= self.target:
            return self.film.next_open(now)
        return self.film.due(now, self.target - self.used)

    def _take(self, line: Line) -> None:
        kind, old = line.kind, self.state
        if kind == "started" and old == "new":
            self.state = "running"
        if kind == "paused" and old == "running":
            self.state = "paused"
        if kind == "resumed" and old == "paused":
            self.state = "running"
        if kind in ("met", "cancelled", "set_aside"):
            self.state = "stopped"
        if kind == "reopened" and old == "stopped":
            self.state = "running"
        self.film = line.film or self.film
        if line.target is not None and line.target != self.target:
            self.target, self.reached = line.target, None

    def _wind(self, start: int, end: int) -> None:
        if self.film is None or end <= start:
            return
        minutes = self.film.worked(start, end)
        if self.state == "paused":
            self.was_paused = True
            self.paused += minutes
        if self.state == "running" and minutes:
            due = self.due(start)
            self.reached = due if due is not None and due <= end else None
            self.used += minutes
