"""What a recommendation has changed is measured once, thirty days after, as its report says it (R83, R85)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from common import tailing
from common.errors import InvalidInput, NotFound, Refused
from common.failpoints import Point
from common.models import Setback
from common.setbacks import FIRST_PAUSE
from escalation.models import Recommendation
from escalation.services import ruling
from notifications.models import Alert, Delivery
from people.enums import Role
from reports import aims, effects, keeping
from reports.asked import Asked, Span
from reports.enums import Verdict, Wished
from reports.models import Aim, Effect, FactTail, TicketFact
from reports.outcome_words import short_text, verdict_text
from reports.outcomes import outcomes, verdict_of
from reports.register import REPORTS
from reports.shape import Change
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each

DAY, MINUTE = timedelta(days=1), 60
SAID = {"title": "Leads own unassigned tickets", "why": "They lay about.", "about": "process"}


@pytest.fixture(autouse=True)
def nobody_else_writes(monkeypatch):
    """So whatever has been written is settled: how others are waited for is the tail's own matter."""
    monkeypatch.setattr(tailing, "_oldest", lambda: tailing._own())


@pytest.fixture
def stella(db):
    return make_user("Stella Steward", Role.STEWARD, time_zone="Europe/Berlin")


@pytest.fixture
def solved(open_ticket, at):
    """Tickets that were solved on some day before or after `at`, each in so many minutes; the facts are kept."""

    def write(days, minutes, **fields):
        tickets = {open_ticket(**fields).pk: length for length in minutes}
        for _round in range(3):
            keeping.run()
        for number, length in tickets.items():
            facts = {"solved_at": at + days * DAY, "solve_seconds": length * MINUTE}
            TicketFact.objects.filter(pk=number).update(**facts)

    return write


@pytest.fixture
def halved(solved):
    """Two hours before, one hour since."""
    solved(-9, range(115, 125))
    solved(9, range(55, 65))


def recommended(stella, at, **given):
    return aims.recommend(user=stella, now=at, **{**SAID, "figure": "pain.parties", **given})


def done(stella, at, **given):
    row = recommended(stella, at, **given)
    return ruling.settle(user=stella, pk=row.pk, state="done", now=at)


def test_r85_thirty_days_after_it_was_done_the_report_is_asked_and_its_answer_kept(stella, mona, halved, time, at):
    row = done(stella, at, owner=mona.email)
    time.move_to(at + 29 * DAY)
    assert (effects.run(), Effect.objects.count()) == (0, 0)

    time.move_to(at + 31 * DAY)
    assert (effects.run(), effects.run()) == (1, 0)

    kept = Effect.objects.get()
    span = Span(date(2026, 10, 19), date(2026, 12, 17), ZoneInfo("Europe/Berlin"))
    said = REPORTS["pain"].build(mona, Asked(span, plan=date(2026, 11, 18)), now=at + 31 * DAY)
    assert kept.change == next(one for one in said.figures if one.key == "parties").change
    assert (kept.before, kept.after, kept.before_cases, kept.after_cases) == (119.5 * 60, 59.5 * 60, 10, 10)
    outcome = outcomes(mona, [row])[row.pk]
    assert (outcome.verdict, short_text(outcome)) == (Verdict.WORKS, "Works, −1h 00m")
    assert outcome.query == "since=2026-10-19&until=2026-12-17&plan=2026-11-18"


def test_its_owner_and_whoever_settled_it_are_told_once(stella, mona, halved, time, at):
    done(stella, at, owner=mona.email)
    time.move_to(at + 31 * DAY)
    effects.run()

    effects.again(user=mona, pk=Recommendation.objects.get().pk, now=at + 32 * DAY)

    told = Alert.objects.filter(kind="status")
    assert {alert.recipient for alert in told} == {stella, mona}
    assert told[0].title == "What it has changed is measured: Leads own unassigned tickets"
    assert "Works, −1h 00m" in told[0].body
    mail = Delivery.objects.get(recipient=mona, kind="status").context
    assert {"label": "It should move", "text": "Median time to solve: Down"} in mail["facts"]
    assert Effect.objects.get().measured_at == at + 32 * DAY


def test_what_crashes_keeps_nothing_and_is_measured_by_the_next_look(stella, halved, time, at, crash_at):
    done(stella, at)
    time.move_to(at + 31 * DAY)

    with crash_at(Point.BEFORE_COMMIT):
        effects.run()

    assert not Effect.objects.exists()
    assert not Alert.objects.filter(kind="status").exists()
    assert effects.run() == 1


def test_two_that_measure_at_once_keep_one(stella, halved, time, at, monkeypatch):
    done(stella, at)
    time.move_to(at + 31 * DAY)
    real, other = effects.figure_of, []

    def meanwhile(*given):
        monkeypatch.setattr(effects, "figure_of", real)
        other.append(effects.run())
        return real(*given)

    monkeypatch.setattr(effects, "figure_of", meanwhile)

    assert (effects.run(), other) == (0, [1])
    assert Alert.objects.filter(kind="status").count() == 1


def test_one_that_fails_stops_no_other_and_is_tried_again(stella, halved, time, at):
    gone, well = done(stella, at), done(stella, at + timedelta(hours=1))
    Aim.objects.filter(pk=gone.pk).update(figure="pain.gone")
    time.move_to(at + 31 * DAY)

    assert (effects.run(), list(Effect.objects.values_list("pk", flat=True))) == (1, [well.pk])
    assert Setback.objects.values_list("round", "key", "error").get() == ("effects", str(gone.pk), "KeyError")
    Aim.objects.filter(pk=gone.pk).update(figure="pain.parties")
    assert effects.run() == 0
    time.move_to(at + 31 * DAY + FIRST_PAUSE)
    assert effects.run() == 1
    assert not Setback.objects.exists()


def test_nothing_is_measured_of_facts_that_are_behind_or_being_made_anew(stella, halved, open_ticket, time, at):
    row = done(stella, at)
    time.move_to(at + 31 * DAY)
    FactTail.objects.update(recount_below=1)
    assert effects.run() == 0
    with pytest.raises(InvalidInput, match="counted anew"):
        effects.again(user=stella, pk=row.pk, now=at + 31 * DAY)
    FactTail.objects.update(recount_below=None)
    open_ticket(now=at + 5 * DAY)
    assert effects.run() == 0

    for _round in range(3):
        keeping.run()

    assert effects.run() == 1


def test_what_is_taken_up_again_and_done_again_is_measured_around_the_later_day(stella, halved, time, at):
    row = done(stella, at)
    time.move_to(at + 31 * DAY)
    effects.run()
    said = {"user": stella, "pk": row.pk}

    ruling.settle(**said, state="taken", now=at + 32 * DAY)
    assert outcomes(stella, [row])[row.pk].effect is None
    later = ruling.settle(**said, state="done", now=at + 33 * DAY)
    assert verdict_text(outcomes(stella, [later])[row.pk]) == "Will be measured on 20 Jan 2027"
    with pytest.raises(InvalidInput, match="will be measured on 20 Jan 2027"):
        effects.again(**said, now=at + 40 * DAY)

    time.move_to(at + 64 * DAY)
    assert effects.run() == 1
    assert Effect.objects.get().day == date(2026, 12, 21)
    assert verdict_text(outcomes(stella, [later])[row.pk]) == "Too few cases to say"


def test_said_again_that_it_is_done_moves_no_day(stella, at):
    row = done(stella, at)

    assert ruling.settle(user=stella, pk=row.pk, state="done", now=at + DAY).settled_at == at


def test_a_teams_figure_is_of_its_own_tickets(stella, halved, solved, time, at):
    risk = make_team("Risk")
    solved(-3, range(200, 206), team=risk)
    done(stella, at, team=risk.slug)
    time.move_to(at + 31 * DAY)

    effects.run()

    kept = Effect.objects.get()
    assert (kept.before_cases, kept.after_cases, kept.after) == (6, 0, None)


def test_whoever_may_not_see_a_team_reads_nothing_off_the_figures(stella, anna, mona, halved, time, at):
    risk = make_team("Risk", restricted=True)
    of_all, of_risk = done(stella, at), done(stella, at, team=risk.slug)
    managers_only = done(stella, at, figure="experience.satisfaction")
    time.move_to(at + 31 * DAY)
    effects.run()
    rows = [of_all, of_risk, managers_only]

    outcome = outcomes(anna, rows)

    assert list(outcome) == [of_all.pk]
    assert (outcome[of_all.pk].verdict, outcome[of_all.pk].change) == (None, None)
    assert verdict_text(outcome[of_all.pk]) == "Measured on 19 Dec 2026"
    assert {one.pk for one in rows} == set(outcomes(mona, rows))
    risk.members.add(anna)
    assert outcomes(anna, rows)[of_all.pk].verdict == Verdict.WORKS
    assert outcomes(make_user("Cleo", Role.CUSTOMER), rows) == {}


def test_its_figure_is_named_later_too_and_stays_once_it_is_measured(stella, mona, anna, halved, time, at):
    row = ruling.recommend(user=stella, owner=mona.email, now=at, **SAID)
    named = {"pk": row.pk, "figure": "sla.kept", "team": "payments"}
    with pytest.raises(Refused):
        aims.name_figure(user=anna, **named)

    aims.name_figure(user=mona, **named)
    assert (row.aim.team.slug, row.aim.wished) == ("payments", "higher")
    aims.name_figure(user=mona, pk=row.pk, figure="")
    assert not Aim.objects.exists()
    aims.name_figure(user=mona, pk=row.pk, figure="pain.parties", wished="higher")
    ruling.settle(user=mona, pk=row.pk, state="done", now=at)
    time.move_to(at + 31 * DAY)
    effects.run()

    with pytest.raises(InvalidInput, match="stays as it is"):
        aims.name_figure(user=stella, **named)
    assert outcomes(mona, [row])[row.pk].verdict == Verdict.WORSE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"figure": "pain.rain"}, "figure"),
        ({"figure": "", "team": "payments"}, "figure"),
        ({"team": "gone"}, "team"),
        ({"wished": "sideways"}, "wished"),
    ],
)
def test_a_wrong_figure_is_said_and_nothing_is_stored(stella, payments, at, given, field):
    with pytest.raises(InvalidInput) as wrong:
        recommended(stella, at, **given)

    assert list(wrong.value.errors) == [field]
    assert not Recommendation.objects.exists()


def test_nothing_is_measured_again_of_what_names_no_figure_or_is_not_done(stella, at):
    plain, waiting = ruling.recommend(user=stella, now=at, **SAID), recommended(stella, at)

    with pytest.raises(NotFound):
        effects.again(user=stella, pk=plain.pk, now=at)
    with pytest.raises(InvalidInput, match="not done"):
        effects.again(user=stella, pk=waiting.pk, now=at)


@pytest.mark.parametrize(
    ("low", "high", "wished", "verdict"),
    [
        (-50, -20, Wished.LOWER, Verdict.WORKS),
        (-50, -20, Wished.HIGHER, Verdict.WORSE),
        (2, 9, Wished.HIGHER, Verdict.WORKS),
        (-50, 20, Wished.LOWER, Verdict.CHANCE),
        (None, None, Wished.LOWER, Verdict.TOO_FEW),
    ],
)
def test_a_verdict_is_given_only_where_nought_lies_outside(low, high, wished, verdict):
    assert verdict_of(Change(60, 40, -0.5, low, high, 40, 38), wished) == verdict


@pytest.mark.parametrize(("language", "words"), [("es", "Funciona"), ("pt-br", "Funciona"), ("ru", "Помогает")])
def test_it_is_said_in_the_readers_language(stella, halved, time, at, language, words):
    row = done(stella, at)
    time.move_to(at + 31 * DAY)
    effects.run()

    with translation.override(language):
        assert short_text(outcomes(stella, [row])[row.pk]).startswith(words)
