"""The parts of the demo on an empty desk: what is told, and that writing it down is no other story than playing it."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import translation

from calendars.parse import parse_holidays, parse_periods
from calendars.worktime import WorkCalendar
from config.demo import archive, cast, company, loader, promises, routes, scenes, story
from config.demo.stage import Stage
from config.demo.texts import MATTERS
from people.models import Skill, Team, User
from tests.factories.people import make_user
from tickets.conditions import Facts, holds
from tickets.enums import Status
from tickets.models import Event, Message, RoutingRule, Ticket
from tickets.routing.editing import checked, terms_of

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
FOUNDED = NOW - timedelta(days=45)


@pytest.mark.parametrize("language", MATTERS)
def test_every_matter_is_routed_to_the_team_that_knows_it(language: str) -> None:
    for matter in MATTERS[language]:
        facts = Facts(priority="normal", channel="email", text=f"{matter.subject}\n{matter.body}")

        found = next((slug for slug, words in routes.ROUTES.items() if holds({"keywords": words}, facts)), "operations")

        assert found == matter.team, matter.subject


def test_the_rules_of_the_demo_are_all_that_an_administrator_could_save(db, payments):
    for team in cast.TEAMS:
        Team.objects.get_or_create(slug=team.slug, defaults={"name": team.name})
    Skill.objects.bulk_create([Skill(name="Terminals"), Skill(name="Russian")])
    routes.install_routes()

    routes.find_owners()

    rules = {rule.name: rule for rule in RoutingRule.objects.all()}
    assert rules.keys() > routes.OWNERS.keys()
    for rule in rules.values():
        assert checked(terms_of(rule)) == terms_of(rule)


def test_the_same_month_is_told_each_time() -> None:
    calendar = company_calendar()

    tellings = [story.month(NOW, calendar, count=40, rng=Random(loader.SEED)) for _attempt in range(2)]

    assert tellings[0] == tellings[1]


@pytest.mark.parametrize("hours", range(0, 168, 19))
def test_the_scenes_can_be_told_at_any_hour_of_the_week(hours: int) -> None:
    now = NOW + timedelta(hours=hours)

    told = scenes.told(scenes.WRITTEN + scenes.PLAYED, now, company_calendar())

    assert len({steps[0].key for steps in told}) == len(told)
    assert all(step.at <= now for steps in told for step in steps)


@pytest.mark.once
def test_what_is_written_down_is_what_playing_it_would_have_left(db: None) -> None:
    desk = company.hire(NOW)
    with translation.override("en"):
        business = promises.promise(desk, founded=FOUNDED, now=NOW).current.work_calendar()
        stories = story.month(NOW, business, count=60, rng=Random(3))
        plain = [*stories[:14], *stories[-6:], *scenes.told(scenes.WRITTEN, NOW, business)]
        stage = Stage(desk)
        stage.play([step for told in plain for step in told], until=NOW)
        written = archive.write(desk, plain, now=NOW)

    assert len({ticket.status for ticket in written.values()}) == len(Status)
    for key, ticket in written.items():
        assert as_left(ticket) == as_left(stage.tickets[key])


def test_a_missed_promise_cannot_be_written_down(db: None) -> None:
    desk = company.hire(NOW)
    business = promises.promise(desk, founded=FOUNDED, now=NOW).current.work_calendar()
    late = story.late_ones(NOW, business, count=1, rng=Random(1))
    told = [step for step in late if step.verb != "escalation"]

    with pytest.raises(ValueError, match="was missed"):
        archive.write(desk, [told], now=NOW)


def test_outside_demo_mode_nothing_is_loaded(db: None) -> None:
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("load_demo")

    assert not User.objects.exists()


def test_a_desk_with_people_of_its_own_is_left_alone(db: None) -> None:
    make_user("Somebody Real")

    with override_settings(DEMO=True), pytest.raises(CommandError, match="people of its own"):
        call_command("load_demo")

    assert User.objects.count() == 1


def company_calendar() -> Any:
    dates = [holiday.date for holiday in parse_holidays(promises.HOLIDAYS)]
    return WorkCalendar(cast.SAO_PAULO, parse_periods(promises.PERIODS), dates)


def as_left(ticket: Ticket) -> dict[str, Any]:
    """Everything about a ticket except the keys of its rows."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    bodies = dict(Message.objects.filter(ticket=ticket).values_list("pk", "body"))
    return {
        "ticket": _fields(ticket, "number"),
        "tags": set(ticket.tags.values_list("name", flat=True)),
        "messages": [_fields(row, "id", "ticket_id") for row in ticket.messages.all()],
        "events": sorted(
            (row.at, row.kind, row.actor_id or 0, _without_keys(row.data, bodies))
            for row in Event.objects.filter(ticket=ticket)
        ),
        "spells": [_fields(row, "id", "ticket_id") for row in ticket.owner_spells.order_by("started_at", "pk")],
        "clocks": [
            (_fields(row, "id", "ticket_id"), [_fields(entry, "id", "clock_id") for entry in row.entries.all()])
            for row in ticket.clocks.order_by("metric", "cycle")
        ],
    }


def _fields(row: Any, *without: str) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in without
    }


def _without_keys(data: dict[str, Any], bodies: dict[int, str]) -> str:
    words = {**data, "message": bodies[data["message"]]} if "message" in data else data
    return json.dumps(words, sort_keys=True)
