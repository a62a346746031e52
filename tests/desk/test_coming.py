"""“What is coming” and its score card."""

from datetime import timedelta

import pytest
from django.urls import reverse

from people.enums import Role
from reports.enums import RunState
from reports.models import ForecastRun, ForecastTerms, Outlook
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each

HOUR = timedelta(hours=1)
VERDICT = {"recall": 0.69, "precision": 0.21, "lift": 6.0}
JUDGED = {
    "rows": 10_001,
    "happened": 348,
    "model": VERDICT,
    "time_left": {"recall": 0.53, "precision": 0.16, "lift": 4.6},
    "calibration": [{"foretold": 0.25, "came_true": 0.23, "rows": 1000}],
    "weeks": [{"since": 1_790_000_000, "model": VERDICT, "time_left": VERDICT}],
}


@pytest.fixture
def run(db, at):
    return ForecastRun.objects.create(state=RunState.LIVE, made_at=at, judged=JUDGED, learned_from=9000)


@pytest.fixture
def foretold(run, payments, open_ticket, at):
    """`foretold(chance, …)`: a ticket of the team with such an outlook."""

    def make(chance: float | None = None, **fields):
        team = fields.pop("team", payments)
        ticket = open_ticket(team=team)
        return Outlook.objects.create(ticket=ticket, at=at, chance=chance, run=run if chance else None, **fields)

    return make


def test_what_is_likely_says_why_and_what_to_do(foretold, anna):
    foretold(0.44, reasons=[["waits", 30.0], ["hand_overs", 2]])

    said = words(get(anna, "desk:coming"))

    assert "44 %" in said
    assert "The customer has waited 30 hours for an answer." in said
    assert "Handed over 2 times." in said
    assert "Answer now, if only to say when more follows." in said


def test_a_score_card_without_a_judgement_says_how_far_the_desk_is_and_when_it_will_be_there(mona, open_ticket, at):
    shown = words(get(mona, "desk:score_card"))

    assert "older than 32 days: to learn from" in shown and ">50</td>" in shown
    assert "Too few tickets are escalated to say when there will be enough." in shown
    ForecastTerms.objects.create(is_wanted=False)
    assert "to learn from" not in words(get(mona, "desk:score_card"))


def test_what_nobody_will_reach_says_when_its_turn_comes(foretold, anna, at):
    foretold(due_at=at + HOUR, turn_at=at + 2 * HOUR, ahead=3, is_too_late=True)

    said = words(get(anna, "desk:coming"))

    assert "Give it to somebody who is there now." in said
    assert "Every promise can be kept" not in said


def test_no_more_are_shown_than_the_team_can_look_at(foretold, payments, anna, rosa):
    payments.members.set([anna, rosa])
    ForecastTerms.objects.create(looks=1)
    for chance in (0.5, 0.6, 0.7):
        foretold(chance)

    said = words(get(anna, "desk:coming"))

    assert ("70 %" in said, "60 %" in said, "50 %" in said) == (True, True, False)


def test_in_shadow_it_speaks_on_its_own_page_only(foretold, run, anna, mona):
    foretold(0.44)
    ForecastRun.objects.update(state=RunState.SHADOW)

    assert "The forecast is in shadow" in words(get(anna, "desk:coming"))
    assert "44 %" not in words(get(anna, "desk:coming"))
    assert "44 %" in words(get(mona, "desk:score_card"))


def test_a_restricted_teams_tickets_are_foretold_to_its_own(foretold, anna, mona):
    risk = make_team("Risk", members=[make_user("Ria")], restricted=True)
    outlook = foretold(0.44, team=risk)

    assert f"#{outlook.ticket_id}" not in words(get(anna, "desk:coming"))


def test_the_score_card_sets_the_forecast_beside_the_order_of_time_left(run, mona):
    said = words(get(mona, "desk:score_card"))

    for figure in ("69 %", "53 %", "21 %", "25 %", "23 %", "Night by night"):
        assert figure in said


def test_a_desk_that_has_learned_nothing_says_so(db, mona):
    assert "Too little has happened yet" in words(get(mona, "desk:score_card"))


def test_an_administrator_switches_it_off(run, adam):
    answer = post(adam, "desk:score_card", looks=5)

    assert answer.status_code == 302
    assert not ForecastTerms.objects.get().is_wanted
    assert "The forecast is switched off" in words(get(adam, "desk:coming"))


def test_bad_input_is_one_sentence_and_nothing_is_kept(run, adam):
    answer = post(adam, "desk:score_card", is_wanted="on", looks=0)

    assert answer.status_code == 422
    assert not ForecastTerms.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.CUSTOMER])
def test_the_score_card_is_for_managers(role, run):
    assert get(make_user("Stan", role), "desk:score_card").status_code == 404


def test_the_list_costs_the_same_at_any_length(foretold, payments, anna, at):
    payments.members.set([anna])
    ForecastTerms.objects.create(looks=50)
    client, asked = signed_in(anna), []
    for more in (1, 2, 47):
        for _ in range(more):
            foretold(0.4, due_at=at + HOUR, turn_at=None, ahead=1, is_too_late=True)
        asked.append(queries(client, reverse("desk:coming")))

    assert len(set(asked)) == 1
