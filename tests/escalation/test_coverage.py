"""The proof of coverage: planted holes are found, a clean desk has none, and real ladders do as it says."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escalation import services
from escalation.alerting.climbing import climb
from escalation.coverage.loading import load
from escalation.coverage.proving import AHEAD, QUARTER, prove
from escalation.coverage.rehearsing import rehearse
from escalation.coverage.reports import count_holes, prove_all
from escalation.coverage.standing import Gap, present, standing
from escalation.coverage.world import Span
from escalation.models import Ladder, LadderLevel, LadderReport, Rung
from notifications.models import Preferences
from people.models import Absence, Duty, Skill, Team
from tests.conftest import AT
from tests.escalation.coverage_world import LEAD, PLANTED, ROSA, away, clean, ladder_of, person
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def proof_of(world):
    (proof,) = prove(world, ladder_of(world), AT)
    return proof


def test_a_clean_desk_has_no_hole():
    assert proof_of(clean()).holes == []


def test_thirty_kinds_of_holes_and_more_are_planted():
    assert len(PLANTED) >= 30
    assert {planted.gap for planted in PLANTED.values()} == set(Gap)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_hole_is_found_where_and_when_it_is(name):
    planted = PLANTED[name]

    holes = proof_of(planted.change(clean())).holes

    wanted = (planted.gap, planted.level, planted.severity, planted.detail)
    found = [one for one in holes if (one.mark.gap, one.mark.level, one.mark.severity, one.mark.detail) == wanted]
    assert len(found) == 1, [one.mark for one in holes]
    assert found[0].spans[0] == (planted.span or Span(AT, AT + AHEAD))


def test_a_hole_says_who_is_missing_and_where_an_alert_goes_instead():
    (hole,) = [one for one in proof_of(away(ROSA)(clean())).holes if one.mark.level == LEAD]

    assert (hole.names, hole.goes_to, hole.length) == (("Rosa",), LEAD + 1, 14 * HOUR)


def test_between_two_change_points_every_quarter_hour_is_the_same():
    world = PLANTED["the lead sleeps"].change(away(ROSA)(clean()))
    proof, level = proof_of(world), ladder_of(world).levels[0]
    assert len(proof.steps) < 40

    at, end = AT, AT + AHEAD
    while at < end:
        found = standing(world, level, proof.team, at)
        assert proof.at(at).cells[0].standing.people == found.people
        at += QUARTER
    assert all(one.span.ends_at == other.span.starts_at for one, other in pairwise(proof.steps))


def test_what_is_less_grave_is_heard_of_by_no_more_people():
    proof = proof_of(person(ROSA, wishes=PLANTED["the lead sleeps"].change(clean()).people[ROSA].wishes)(clean()))
    for step in proof.steps:
        for cell in step.cells:
            counts = [cell.count(severity) for severity in (1, 2, 3, 4)]
            assert counts == sorted(counts, reverse=True)


class Wild:
    """A desk at random: who stands in for whom, who is away, who is on duty, what the ladder asks for."""

    def __init__(self, seed: int, payments, adam) -> None:
        self.random = random.Random(seed)
        self.people = [make_user(f"P{n} Person", "manager" if n % 2 else "agent") for n in range(6)]
        self.everybody = [*self.people, adam, *payments.managers.all(), payments.lead]
        above = make_team("Above", lead=self.one(), managers=self.some())
        payments.parent = above if self.random.random() < 0.8 else None
        payments.lead = self.one()
        payments.save()
        payments.managers.set(self.some())
        payments.members.set(self.some())
        self.payments = payments
        for one in self.everybody:
            self._live(one)
        for _n in range(3):
            Duty.objects.create(team=payments, person=self.one(), **self._when())
        self.ladder = self._ladder(payments)

    def one(self):
        return self.random.choice(self.people)

    def some(self):
        return self.random.sample(self.people, self.random.randint(0, 3))

    def _when(self):
        starts = AT + self.random.randint(-48, 96) * HOUR
        return {"starts_at": starts, "ends_at": starts + self.random.randint(1, 96) * HOUR}

    def _live(self, person):
        person.deputy = self.random.choice([None, *self.people])
        person.is_active = person.role == "admin" or self.random.random() < 0.9
        person.save()
        for _n in range(self.random.randint(0, 2)):
            Absence.objects.create(user=person, **self._when())

    def _ladder(self, payments):
        ladder = Ladder.objects.create(name="Wild", team=payments, calendar=make_calendar(AT, name="Wild hours"))
        reaches = ["assignee", "lead", "managers", "managers_above", "team", "on_duty", "named", "admins"]
        for number, reach in enumerate(self.random.sample(reaches, 5), start=1):
            row = LadderLevel.objects.create(
                ladder=ladder,
                level=number,
                reach=reach,
                delay=self.random.choice([0, 15, 90, 600]) * MINUTE,
                steps_up=self.random.choice([1, 1, 2]),
                in_hours=self.random.random() < 0.3,
            )
            row.people.set(self.some() if reach == "named" else [])
        return ladder


@pytest.mark.parametrize("seed", range(5))
def test_r14_real_ladders_alert_whom_the_proof_names_when_it_says(seed, payments, adam, anna, open_ticket, time):
    wild = Wild(seed, payments, adam)
    start = AT + wild.random.randint(0, 280) * QUARTER
    time.move_to(start)
    sales = make_team("Sales", members=[anna])
    number = open_ticket(now=start, team=sales).number
    common = {"severity": 2, "reason": "technical", "summary": "Look at it", "team_slug": payments.slug}
    services.escalate(user=anna, ticket_number=number, kind="functional", now=start, **common)
    Team.objects.filter(pk=payments.pk).update(restricted=wild.random.random() < 0.6)
    world = load(AT)
    facts = world.ladders[wild.ladder.pk]

    while rung := Rung.objects.filter(next_moment__isnull=False).order_by("level").first():
        time.move_to(max(time.now, rung.next_moment))
        climb(time.now)

    really = {rung.level: (rung.sent_at, rung.who) for rung in Rung.objects.all()}
    said = rehearse(world, facts, world.teams[payments.pk], 2, start)
    assert really == {
        one.level.level: (one.at if one.told else None, ", ".join(somebody.name for somebody in one.told))
        for one in said
    }
    assert any(who for _at, who in really.values())


def test_ladders_are_proved_by_the_clock_and_what_is_found_is_kept(laddered, payments, rosa, adam, at):
    ladder = laddered({"reach": "lead"}, {"reach": "managers", "delay": QUARTER})
    Absence.objects.create(user=rosa, starts_at=at + HOUR, ends_at=at + 3 * HOUR)

    assert prove_all(at) == count_holes() == 1

    kept = LadderReport.objects.get(ladder=ladder)
    (hole,) = kept.holes
    assert (kept.at, hole["gap"], hole["level"], hole["names"]) == (at, "absent", 1, ["Rosa Quiroga"])
    assert hole["spans"] == [[(at + HOUR).isoformat(), (at + 3 * HOUR).isoformat()]]
    Absence.objects.all().delete()
    assert prove_all(at) == count_holes() == 0


def test_the_desk_is_read_in_as_many_questions_for_twelve_people_as_for_one(laddered, payments, rosa, adam, at):
    laddered({"reach": "named", "people": [rosa]})
    _one_more(0, payments, rosa, at)
    with_few = _questions(at)

    for number in range(1, 12):
        _one_more(number, payments, rosa, at)

    assert _questions(at) == with_few <= 20


def _one_more(number, team, deputy, at) -> None:
    """A member who is away and keeps hours of his own, a skill, and a ladder that names him."""
    one = make_user(f"N{number} New", deputy=deputy)
    team.members.add(one)
    Absence.objects.create(user=one, starts_at=at, ends_at=at + HOUR)
    hours = make_calendar(at, name=f"C{number}")
    Preferences.objects.create(person=one, calendar=hours)
    one.skills.create(skill=Skill.objects.create(name=f"S{number}"))
    ladder = Ladder.objects.create(name=f"L{number}", calendar=hours)
    LadderLevel.objects.create(ladder=ladder, level=1, reach="named", delay=QUARTER).people.add(one)


def _questions(at) -> int:
    with CaptureQueriesContext(connection) as caught:
        load(at)
    return len(caught)


def test_absences_and_deputies_are_read_as_the_desk_has_them(payments, rosa, mona, anna, adam, at):
    rosa.deputy = anna
    rosa.save()
    Absence.objects.create(user=rosa, starts_at=at, ends_at=at + HOUR)

    world = load(at)

    lead = [world.people[payments.lead_id]]
    assert [one.name for one in present(world, lead, at)] == ["Anna Lindqvist"]
    assert [one.name for one in present(world, lead, at + HOUR)] == ["Rosa Quiroga"]
