"""A ticket told by hand, its moments counted back from now. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from calendars.worktime import ALWAYS, WorkTime
from config.demo import cast
from config.demo.story import Step

_FAR_BACK = timedelta(days=40)


class Scene:
    """Collects the steps of one ticket.

    `worked(n)` is the moment since which n minutes have counted for this customer's promises: round the clock for an
    enterprise, in business hours otherwise. So a ticket has the same time left at whatever hour the demo is loaded.
    """

    def __init__(self, key: str, client: str, now: datetime, business: WorkTime) -> None:
        self.key = key
        self.client = client
        self.now = now
        company = next(company for company in cast.COMPANIES if client in {person.key for person in company.people})
        self.hours = ALWAYS if company.tier == "enterprise" else business
        self.steps: list[Step] = []

    def wall(self, minutes: float) -> datetime:
        """So many minutes before now; after now when negative."""
        return self.now - timedelta(minutes=minutes)

    def worked(self, minutes: float) -> datetime:
        left = timedelta(minutes=minutes)
        for opened, closed in reversed(list(self.hours.intervals(self.now - _FAR_BACK, self.now))):
            if left <= closed - opened:
                return closed - left
            left -= closed - opened
        raise ValueError(f"{self.key}: {minutes} minutes have not been worked lately.")

    def opens(self, at: datetime, subject: str, body: str, priority: str = "normal", **fields: Any) -> "Scene":
        words = {"channel": "email", "tags": (), "client": self.client, **fields}
        return self._add(at, "open", subject=subject, body=body, priority=priority, **words)

    def customer(self, at: datetime, body: str, **fields: Any) -> "Scene":
        return self._add(at, "customer", client=self.client, body=body, **fields)

    def reply(self, at: datetime, by: str, body: str, *, then_wait: bool = False) -> "Scene":
        return self._add(at, "reply", by=by, body=body, then_wait=then_wait)

    def note(self, at: datetime, by: str, body: str) -> "Scene":
        return self._add(at, "note", by=by, body=body)

    def assign(self, at: datetime, by: str, assignee: str = "") -> "Scene":
        return self._add(at, "assign", by=by, assignee=assignee or by)

    def hold(self, at: datetime, by: str, reason: str) -> "Scene":
        return self._add(at, "hold", by=by, reason=reason)

    def solve(self, at: datetime, by: str) -> "Scene":
        return self._add(at, "solve", by=by)

    def close(self, at: datetime) -> "Scene":
        return self._add(at, "close")

    def functional(self, at: datetime, by: str, team: str, severity: int, summary: str, **asked: Any) -> "Scene":
        words = {"kind": "functional", "team_slug": team, "severity": severity, "summary": summary, **asked}
        return self._add(at, "escalate", by=by, **{"reason": "technical", **words})

    def hierarchical(self, at: datetime, by: str, severity: int, summary: str, **asked: Any) -> "Scene":
        words = {"kind": "hierarchical", "severity": severity, "summary": summary, **asked}
        return self._add(at, "escalate", by=by, **{"reason": "funding", **words})

    def does(self, at: datetime, by: str, verb: str, **fields: Any) -> "Scene":
        """A verb of the ticket's newest escalation."""
        return self._add(at, "escalation", by=by, does=verb, **fields)

    def informs(
        self, at: datetime, by: str, audience: str, body: str, next_update_by: datetime | None = None
    ) -> "Scene":
        return self.does(at, by, "communicate", audience=audience, body=body, next_update_by=next_update_by)

    def plans(self, at: datetime, by: str, *tasks: tuple[str, str, datetime]) -> "Scene":
        """Tasks as title, owner's key, due time."""
        rows = [{"title": title, "owner": f"{owner}@{cast.DOMAIN}", "due_at": due_at} for title, owner, due_at in tasks]
        return self.does(at, by, "plan", tasks=rows)

    def harms(self, at: datetime, by: str, clients: dict[str, str]) -> "Scene":
        """Others too, by their keys, each with the key of a ticket of theirs, if there is one."""
        return self._add(at, "affect", by=by, clients=clients)

    def concerns(self, at: datetime, by: str, *services: str) -> "Scene":
        return self._add(at, "services", by=by, services=services)

    def names(self, at: datetime, by: str, role: str, who: str) -> "Scene":
        return self.does(at, by, "name_responsible", role=role, email=f"{who}@{cast.DOMAIN}")

    def calls_together(self, at: datetime, by: str, members: Sequence[str], experts: Sequence[str]) -> "Scene":
        """A task force, by the keys of its people."""
        addresses = [[f"{key}@{cast.DOMAIN}" for key in keys] for keys in (members, experts)]
        return self.does(at, by, "form_task_force", members=addresses[0], experts=addresses[1])

    def ticks(self, at: datetime, by: str, count: int | None = None) -> "Scene":
        return self._add(at, "finish_plan", by=by, count=count)

    def takes_on(self, at: datetime, by: str, impact: str = "") -> "Scene":
        """Acknowledges, or accepts what was handed over, says what it harms, and enters the second step."""
        asked = next((step for step in reversed(self.steps) if step.verb == "escalate"), None)
        is_handed = asked is not None and asked.fields["kind"] == "functional"
        self.does(at, by, "accept" if is_handed else "acknowledge")
        if impact:
            self.does(at, by, "describe", impact=impact)
        return self.does(at + timedelta(minutes=1), by, "begin_communication")

    def _add(self, at: datetime, verb: str, **fields: Any) -> "Scene":
        self.steps.append(Step(at, self.key, verb, fields))
        return self
