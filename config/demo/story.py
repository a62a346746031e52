"""How an ordinary ticket lives: from a matter, a customer and a moment to the steps of its conversation. Pure.

The steps are only planned here; `stage` plays them in the order of time, through the same actions that pages call.
What lies in the future of `now` is never planned, so a ticket opened this morning is simply not finished yet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from calendars.worktime import ALWAYS, WorkTime
from config.demo import cast
from config.demo.promises import BUSINESS, ENTERPRISE, PRIORITIES
from config.demo.texts import MATTERS, phrases
from config.demo.texts.matter import Matter
from sla.enums import Metric

DAYS = 30
SETTLED = timedelta(days=4)
CLOSED_AFTER = timedelta(days=3)
# A customer who is asked something answers the same day, or takes his time: as long as it is settled by now.
SAME_DAY, LONGEST = timedelta(hours=15), timedelta(days=14)
CHANNELS = ("email",) * 8 + ("web",) * 6 + ("phone",) * 2 + ("chat",) * 2 + ("api",) * 2
WEIGHTS = (2, 4, 10, 4)  # of PRIORITIES


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does to the ticket `key` at a moment."""

    at: datetime
    key: str
    verb: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about one ticket that is decided before its story begins."""

    key: str
    company: cast.Company
    client: cast.Client
    matter: Matter
    priority: str
    channel: str
    opened_at: datetime
    hours: WorkTime
    words: dict[str, str]
    agent: str
    patience: timedelta

    @property
    def team(self) -> cast.TeamSheet:
        return team_of(self.matter.team)

    def target(self, metric: str) -> timedelta:
        promise = ENTERPRISE if self.company.tier == "enterprise" else BUSINESS
        return timedelta(seconds=promise[metric][PRIORITIES.index(self.priority)])

    def after(self, start: datetime, metric: str, part: float) -> datetime:
        """When a part of the target will have been used since `start`."""
        return self.hours.due(start, self.target(metric) * part)

    def says(self, text: str) -> str:
        return text.format(**self.words)

    def step(self, at: datetime, verb: str, **fields: Any) -> Step:
        return Step(at, self.key, verb, fields)


def team_of(slug: str) -> cast.TeamSheet:
    return next((sheet for sheet in cast.TEAMS if sheet.slug == slug), cast.OPERATIONS)


def month(now: datetime, business: WorkTime, *, count: int, rng: Random) -> list[list[Step]]:
    """The ordinary tickets of the last thirty days, each as its steps up to `now`, the oldest first."""
    stories: list[list[Step]] = []
    for index in range(count):
        frame = _frame(f"o{index}", now, business, rng)
        tell = rng.choices(list(PLOTS), weights=list(PLOTS.values()))[0]
        stories.append([step for step in (_opening(frame), *tell(frame, rng)) if step.at <= now])
    return sorted(stories, key=lambda story: story[0].at)


def month_before(now: datetime, business: WorkTime, *, count: int, rng: Random) -> list[list[Step]]:
    """Of the thirty days before those: answered late in their time, and solved long ago; the oldest first."""
    then = now - timedelta(days=DAYS)
    frames = [_frame(f"b{index}", then, business, rng) for index in range(count)]
    return [[_opening(frame), *_unhurried(frame, rng)] for frame in sorted(frames, key=lambda one: one.opened_at)]


def late_ones(now: datetime, business: WorkTime, *, count: int, rng: Random) -> list[Step]:
    """Tickets whose first reply came too late, some time ago: each had its automatic escalation, which is closed."""
    steps: list[Step] = []
    for index in range(count):
        frame = _frame(f"l{index}", now - SETTLED * 2, business, rng, priorities=("normal", "low"))
        steps += [_opening(frame), *_late(frame, rng)]
    return [step for step in steps if step.at <= now]


def _frame(
    key: str, now: datetime, business: WorkTime, rng: Random, *, priorities: tuple[str, ...] = PRIORITIES
) -> Frame:
    company = rng.choice(cast.COMPANIES)
    client = rng.choice(company.people)
    matter = rng.choice(MATTERS[company.language])
    agent = rng.choice(team_of(matter.team).members or (cast.OPERATIONS.lead,))
    opened_at = _writing_time(now, company, rng)
    weights = [WEIGHTS[PRIORITIES.index(priority)] for priority in priorities]
    return Frame(
        key=key,
        company=company,
        client=client,
        matter=matter,
        priority=rng.choices(priorities, weights=weights)[0],
        channel=rng.choice(CHANNELS),
        opened_at=opened_at,
        hours=ALWAYS if company.tier == "enterprise" else business,
        words=_words(company, client, agent, rng),
        agent=agent,
        patience=max(SAME_DAY, min(LONGEST, now - opened_at - SETTLED)),
    )


def _words(company: cast.Company, client: cast.Client, agent: str, rng: Random) -> dict[str, str]:
    return {
        "store": rng.choice(company.stores),
        "amount": phrases.money(company.language, rng.randrange(40, 2400) * 10),
        "n": str(rng.randrange(3, 19)),
        "code": str(rng.randrange(1100, 9900)),
        "name": first_name(client.name),
        "agent": first_name(next(sheet.name for sheet in cast.COLLEAGUES if sheet.key == agent)),
    }


def first_name(name: str) -> str:
    return name.split()[0]


def _writing_time(now: datetime, company: cast.Company, rng: Random) -> datetime:
    """Some moment of the month at which this customer would write: rarely at night, seldom at the week-end."""
    for _attempt in range(20):
        at = now - timedelta(days=DAYS) * rng.random()
        local = at.astimezone(ZoneInfo(company.zone))
        if rng.random() < (0.08 if local.hour < 8 or local.hour > 20 else 1.0) * (0.25 if local.weekday() > 4 else 1.0):
            return at
    return at


def _opening(frame: Frame) -> Step:
    return frame.step(
        frame.opened_at,
        "open",
        client=frame.client.key,
        subject=frame.says(frame.matter.subject),
        body=frame.says(frame.matter.body),
        priority=frame.priority,
        channel=frame.channel,
        tags=frame.matter.tags,
    )


def _finish(frame: Frame, at: datetime, body: str, agent: str = "") -> Iterator[Step]:
    """The last word, solved with it, and closed when nobody has come back for some days."""
    yield frame.step(at, "reply", by=agent or frame.agent, body=body)
    yield frame.step(at + timedelta(minutes=1), "solve", by=agent or frame.agent)
    yield frame.step(at + CLOSED_AFTER, "close")


def _at_once(frame: Frame, rng: Random) -> Iterator[Step]:
    at = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, rng.uniform(0.1, 0.8))
    yield from _finish(frame, at, frame.says(frame.matter.solution))


def _unhurried(frame: Frame, rng: Random) -> Iterator[Step]:
    asked = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, rng.uniform(0.6, 0.95))
    yield from _asked(frame, asked, asked + LONGEST * rng.uniform(0.1, 1), rng)


def _one_question(frame: Frame, rng: Random) -> Iterator[Step]:
    asked = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, rng.uniform(0.1, 0.85))
    answered = asked + frame.patience * rng.uniform(0.02, 1)
    yield from _asked(frame, asked, answered, rng)


def _asked(frame: Frame, asked: datetime, answered: datetime, rng: Random) -> Iterator[Step]:
    done = frame.after(answered, Metric.NEXT_RESPONSE, rng.uniform(0.1, 0.8))
    yield frame.step(asked, "reply", by=frame.agent, body=frame.says(frame.matter.reply), then_wait=True)
    yield frame.step(answered, "customer", client=frame.client.key, body=frame.says(frame.matter.answer))
    yield from _finish(frame, done, frame.says(frame.matter.solution))


def _with_a_third_party(frame: Frame, rng: Random) -> Iterator[Step]:
    taken = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, rng.uniform(0.05, 0.3))
    told = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, rng.uniform(0.4, 0.85))
    back = frame.after(told, Metric.RESOLUTION, rng.uniform(0.15, 0.6))
    yield frame.step(taken, "assign", by=frame.agent, assignee=frame.agent)
    yield frame.step(told, "reply", by=frame.agent, body=frame.says(phrases.ON_IT[frame.company.language]))
    yield frame.step(told + timedelta(minutes=4), "note", by=frame.agent, body=frame.says(frame.matter.note))
    yield frame.step(told + timedelta(minutes=5), "hold", by=frame.agent, reason="with the bank")
    yield frame.step(back, "resume", by=frame.agent)
    yield from _finish(frame, back + timedelta(minutes=6), frame.says(frame.matter.solution))


def _once_more(frame: Frame, rng: Random) -> Iterator[Step]:
    *steps, closing = _one_question(frame, rng)
    again = closing.at - CLOSED_AFTER + timedelta(hours=rng.uniform(5, 40))
    done = frame.after(again, Metric.NEXT_RESPONSE, rng.uniform(0.1, 0.7))
    yield from steps
    yield frame.step(again, "customer", client=frame.client.key, body=frame.says(phrases.AGAIN[frame.company.language]))
    yield from _finish(frame, done, frame.says(phrases.AGAIN_DONE[frame.company.language]))


def _late(frame: Frame, rng: Random) -> Iterator[Step]:
    """The first reply is missed; the lead takes the escalation, the agent answers, the manager declares and closes."""
    missed = frame.after(frame.opened_at, Metric.FIRST_RESPONSE, 1)
    seen = missed + timedelta(minutes=rng.uniform(3, 25))
    answered = seen + timedelta(minutes=rng.uniform(5, 60))
    lead, manager = frame.team.lead, frame.team.manager
    words = frame.says(phrases.LATE[frame.company.language]) + frame.says(frame.matter.solution)
    yield frame.step(seen, "escalation", by=lead, does="acknowledge")
    yield frame.step(seen + timedelta(minutes=1), "escalation", by=lead, does="begin_communication")
    yield frame.step(seen + timedelta(minutes=2), "note", by=lead, body=frame.says(frame.matter.note))
    yield from _finish(frame, answered, words)
    yield frame.step(answered + timedelta(minutes=2), "escalation", by=lead, does="begin_resolution")
    declared = answered + timedelta(minutes=rng.uniform(10, 200))
    yield frame.step(declared, "escalation", by=manager, does="resolve")
    cause = rng.choice(("load", "load", "experience", "ownership", "product", "third_party"))
    yield frame.step(declared + timedelta(minutes=1), "escalation", by=manager, does="choose_cause", cause=cause)
    yield frame.step(declared + timedelta(hours=rng.uniform(1, 30)), "escalation", by=manager, does="close")


PLOTS: dict[Callable[[Frame, Random], Iterator[Step]], int] = {
    _at_once: 32,
    _one_question: 48,
    _with_a_third_party: 12,
    _once_more: 8,
}
