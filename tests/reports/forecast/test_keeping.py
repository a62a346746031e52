"""When a forecast may speak, and what is kept of what is coming."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calendars.worktime import ALWAYS
from common import heartbeat
from reports.enums import RunState
from reports.forecast import engine, keeping, learning
from reports.forecast.features import EDGES, Feature
from reports.forecast.judging import Judged, Verdict, Week
from reports.forecast.learning import Past, Rows, TooLittle
from reports.forecast.scorecard import Scale, ScoreCard
from reports.forecast.standing import busy_pace
from reports.models import ForecastRun, ForecastTerms, Outlook
from tests.factories.people import make_team, make_user
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets.enums import EventKind
from tickets.models import Event

pytestmark = pytest.mark.each

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def judged(model: float, time_left: float) -> Judged:
    mine, plain = Verdict(model, 0.2, 2.0), Verdict(time_left, 0.1, 1.0)
    return Judged(100, 10, mine, plain, (), (Week(0, mine, plain),))


def card() -> ScoreCard:
    """The longer the customer waits, the likelier."""
    scales = {feature: Scale(edges, (0.0,) * (len(edges) + 2)) for feature, edges in EDGES.items()}
    waits = EDGES[Feature.WAITS]
    scales[Feature.WAITS] = Scale(waits, (*map(float, range(len(waits) + 1)), 0.0), usual=1.0)
    return ScoreCard(-4.0, scales)


@pytest.fixture
def nights(db, monkeypatch) -> Any:
    """`nights(found, again)`: a night that learns with one recall; `again`: that of what is live, on the new weeks."""
    rows = Rows(np.zeros((1, len(Feature))), np.ones(1, bool), np.zeros(1, np.int64))
    past = Past(rows, rows, (0,))

    def night(found: float | None, again: float = 0.0, *, now: datetime) -> ForecastRun | None:
        def learn(_past: Past, *, said: Any) -> tuple[ScoreCard, Judged]:
            if found is None:
                raise TooLittle(3)
            return card(), judged(found, 0.5)

        stand_in = SimpleNamespace(
            past=lambda **_kwargs: past,
            learn=learn,
            judge_card=lambda _card, _past: judged(again, 0.5),
            TooLittle=TooLittle,
            FEWEST=learning.FEWEST,
        )
        monkeypatch.setattr(engine, "learning", lambda: stand_in)
        return keeping.night(now=now)

    return night


def states() -> list[str]:
    return list(ForecastRun.objects.order_by("pk").values_list("state", flat=True))


def test_what_finds_no_more_than_time_left_stays_in_shadow(nights, at):
    nights(0.4, now=at)

    assert states() == [RunState.SHADOW]


def test_what_finds_more_speaks(nights, at):
    nights(0.7, now=at)

    assert states() == [RunState.LIVE]
    assert keeping.speaking().state == RunState.LIVE


def test_a_better_one_takes_its_place(nights, at):
    nights(0.7, now=at)
    nights(0.8, again=0.7, now=at + DAY)

    assert states() == [RunState.REPLACED, RunState.LIVE]


def test_a_worse_one_does_not(nights, at):
    nights(0.8, now=at)
    nights(0.6, again=0.75, now=at + DAY)

    assert states() == [RunState.LIVE, RunState.SHADOW]
    assert ForecastRun.objects.get(state=RunState.LIVE).judged_again["model"]["recall"] == 0.75


def test_what_no_longer_beats_time_left_is_switched_off(nights, at):
    nights(0.8, now=at)
    nights(0.4, again=0.3, now=at + DAY)

    assert states() == [RunState.RETIRED, RunState.SHADOW]
    assert ForecastRun.objects.get(state=RunState.RETIRED).ended_at == at + DAY


def test_a_desk_with_too_little_says_how_much_it_needs(nights, at):
    run = nights(None, now=at)

    assert (run.state, run.judged["fewest"]) == (RunState.TOO_LITTLE, learning.FEWEST)


def test_a_desk_that_wants_none_learns_nothing(nights, at):
    ForecastTerms.objects.create(is_wanted=False)

    assert nights(0.9, now=at) is None
    assert states() == []


def test_without_the_extra_nothing_is_learned_and_the_rest_works(nights, waiting, at, monkeypatch):
    monkeypatch.setattr(engine, "is_available", lambda: False)

    assert nights(0.9, now=at) is None
    assert keeping.look_ahead(now=at + HOUR) == 2


@pytest.fixture
def waiting(payments, open_ticket, at):
    """Two that wait for a first reply, due in four hours."""
    make_policy(at, first_response=4 * 3600)
    return [open_ticket(), open_ticket()]


def test_what_is_open_gets_a_chance_and_its_reasons(nights, waiting, at):
    nights(0.7, now=at)

    keeping.look_ahead(now=at + 3 * HOUR)

    outlook = Outlook.objects.get(ticket=waiting[0])
    assert outlook.chance == pytest.approx(1 / (1 + np.exp(2.0)))
    assert outlook.reasons == [["waits", 3.0]]


def test_what_is_done_or_escalated_since_has_no_chance_any_more(nights, waiting, anna, at):
    nights(0.7, now=at)
    keeping.look_ahead(now=at + HOUR)
    tickets.change_status(ticket=waiting[0], verb="solve", by=anna, now=at + 2 * HOUR)

    keeping.look_ahead(now=at + 3 * HOUR)

    assert list(Outlook.objects.values_list("ticket", flat=True)) == [waiting[1].number]


def test_a_card_of_other_features_says_nothing_until_the_next_night(nights, waiting, at):
    run = nights(0.7, now=at)
    ForecastRun.objects.filter(pk=run.pk).update(card={"start": 0, "scales": {"gone": {}}})

    keeping.look_ahead(now=at + HOUR)
    nights(0.6, now=at + DAY)

    assert not Outlook.objects.exclude(chance=None).exists()
    assert states() == [RunState.REPLACED, RunState.LIVE]


def test_a_team_that_answers_one_an_hour_reaches_the_second_too_late(payments, anna, open_ticket, at):
    """An answer each hour of four weeks; two are due within an hour and a half."""
    payments.members.set([anna])
    make_policy(at, first_response=5400)
    first, second = open_ticket(), open_ticket()
    past = [at - timedelta(hours=hours) for hours in range(1, 673)]
    Event.objects.bulk_create([Event(ticket=first, kind=EventKind.REPLIED, at=moment) for moment in past])

    keeping.look_ahead(now=at)

    found = {one.ticket_id: (one.ahead, one.turn_at, one.is_too_late) for one in Outlook.objects.all()}
    assert found == {first.number: (0, at + HOUR, False), second.number: (1, at + 2 * HOUR, True)}


def test_a_team_is_taken_at_the_pace_of_its_good_days():
    """On a quiet day it answers what there is, which is not what it could."""
    quiet = {date(2026, 11, day): 1 for day in range(1, 7)}
    good = {date(2026, 11, day): 48 for day in range(7, 10)}

    assert busy_pace({**quiet, **good}, ALWAYS) == 2.0


def test_with_everybody_away_nobody_comes(payments, anna, open_ticket, at):
    payments.members.set([anna])
    make_policy(at)
    ticket = open_ticket()
    anna.absences.create(starts_at=at - DAY, ends_at=at + DAY)
    Event.objects.create(ticket=ticket, kind=EventKind.REPLIED, at=at - HOUR)

    keeping.look_ahead(now=at)

    assert Outlook.objects.filter(ticket=ticket, is_too_late=True, turn_at=None).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_costs_the_same_whatever_is_open(count, payments, open_ticket, at, django_assert_num_queries):
    make_policy(at)
    for number in range(count):
        team = make_team(f"Team {number}", members=[make_user(f"Agent{number}")])
        open_ticket(team=team)

    with django_assert_num_queries(14):
        keeping.look_ahead(now=at)


def test_a_round_is_a_sign_of_life(db, at):
    keeping.look_ahead(now=at)

    assert heartbeat.last(keeping.ROUND) == at


def test_a_card_stays_what_it_was_when_its_text_is_read_back():
    said = card()

    assert replace(said, scales=dict(said.scales)) == ScoreCard.from_json(said.as_json())
