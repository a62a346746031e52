"""A night's learning and the rounds of the day: what is kept of the forecast, and when it may speak (R74).

What is learned stays in shadow until it finds more of what happened than the order of time left does, on weeks that
it has not seen; each night what is live is judged again by the newest weeks, and switched off when it no longer does.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common import clock, heartbeat
from reports.enums import RunState
from reports.forecast import engine
from reports.forecast.spans import FEWEST
from reports.forecast.standing import all_turns
from reports.models import ForecastRun, ForecastTerms, Outlook
from tickets.models import Ticket

KEPT_FOR = timedelta(days=400)
NIGHT, ROUND = "forecast", "outlook"
_COLUMNS = ("run", "at", "chance", "reasons", "due_at", "turn_at", "ahead", "is_too_late")
_SPEAK = (RunState.LIVE, RunState.SHADOW)

Progress = Callable[[int], None]


def terms() -> ForecastTerms:
    return ForecastTerms.objects.first() or ForecastTerms()


def speaking() -> ForecastRun | None:
    """What scores the tickets of today: what is live, else the newest in shadow, which only its own page shows."""
    runs = ForecastRun.objects.filter(state__in=_SPEAK)
    return runs.filter(state=RunState.LIVE).first() or runs.first()


def night(*, now: datetime, progress: Progress = lambda _step: None) -> ForecastRun | None:
    """Learn, judge, and let speak whichever is better; None where the desk wants no forecast or cannot make one."""
    if not terms().is_wanted or not engine.is_available():
        return None
    learning = engine.learning()
    past = learning.past(now=now, said=progress)
    judged_again = _judged_again(past, learning)
    try:
        card, judged = learning.learn(past, said=progress)
    except learning.TooLittle as error:
        run = ForecastRun(state=RunState.TOO_LITTLE, made_at=now, learned_from=len(past.learned.at))
        run.judged = {"happened": error.found, "fewest": FEWEST}
        return _put_down(run, judged_again, is_better=False, now=now)
    run = ForecastRun(made_at=now, learned_from=len(past.learned.at), card=card.as_json(), judged=asdict(judged))
    best = judged_again.model.recall or 0 if judged_again and judged_again.beats_time_left else 0
    is_better = judged.beats_time_left and (judged.model.recall or 0) >= best
    run.state = RunState.LIVE if is_better else RunState.SHADOW
    return _put_down(run, judged_again, is_better=is_better, now=now)


def _judged_again(past: Any, learning: Any) -> Any:
    """What the newest weeks say of the card that is live; None without one, or of one that is read no more."""
    live = ForecastRun.objects.filter(state=RunState.LIVE).first()
    if live is None:
        return None
    try:
        card = engine.scorecard().ScoreCard.from_json(live.card)
    except KeyError:
        return None
    return learning.judge_card(card, past) if len(past.held.at) else None


@transaction.atomic
def _put_down(run: ForecastRun, judged_again: Any, *, is_better: bool, now: datetime) -> ForecastRun:
    """Of two nights at once the second may fail, since one at most is live: then the first one's run stays."""
    live = ForecastRun.objects.select_for_update().filter(state=RunState.LIVE).first()
    if live is not None:
        if judged_again is not None:
            live.judged_again, live.judged_at = asdict(judged_again), now
        if is_better:
            live.state, live.ended_at = RunState.REPLACED, now
        elif judged_again is None or not judged_again.beats_time_left:
            live.state, live.ended_at = RunState.RETIRED, now
        live.save(update_fields=["judged_again", "judged_at", "state", "ended_at"])
    ForecastRun.objects.filter(state=RunState.SHADOW).update(state=RunState.REPLACED, ended_at=now)
    run.seconds = round((clock.now() - now).total_seconds(), 1)
    run.save()
    ForecastRun.objects.filter(made_at__lt=now - KEPT_FOR).exclude(state=RunState.LIVE).delete()
    heartbeat.beat(NIGHT, now=now, state=run.state)
    return run


def look_ahead(*, now: datetime) -> int:
    """One round over all that is open; how many tickets have an outlook now. What is done has none."""
    found = {turn.ticket: _outlook(turn, now) for turn in all_turns(now=now)}
    run = speaking() if terms().is_wanted and engine.is_available() else None
    for said in _said(run, now):
        outlook = found.setdefault(said.ticket, Outlook(ticket_id=said.ticket, at=now))
        outlook.run, outlook.chance, outlook.reasons = run, said.chance, list(said.reasons)
    _keep(found, now)
    return len(found)


def _outlook(turn: Any, now: datetime) -> Outlook:
    return Outlook(
        ticket_id=turn.ticket,
        at=now,
        due_at=turn.due_at,
        turn_at=turn.turn_at,
        ahead=turn.ahead,
        is_too_late=turn.is_too_late,
    )


def _said(run: ForecastRun | None, now: datetime) -> Any:
    """Nothing of a card that was made of other features than there are now: the next night makes another."""
    if run is None:
        return ()
    try:
        card = engine.scorecard().ScoreCard.from_json(run.card)
    except KeyError:
        return ()
    return engine.scoring().score(card, now=now)


@transaction.atomic
def _keep(found: dict[int, Outlook], now: datetime) -> None:
    """In the order of their keys, so that two rounds at once do not wait for each other in a ring."""
    # One may have been taken away for good since it was read; should one go now, the next round has them all.
    there = Ticket.objects.filter(pk__in=found).values_list("pk", flat=True)
    rows = [found[number] for number in sorted(there)]
    Outlook.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["ticket"], update_fields=_COLUMNS
    )
    Outlook.objects.filter(at__lt=now).delete()
    heartbeat.beat(ROUND, now=now, tickets=len(rows))
