"""One ticket through very many rules. Import it once the environment is prepared."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on

from common import clock  # noqa: E402 - the same
from common.configuration import SetUp  # noqa: E402 - the same
from people.models import Team, User  # noqa: E402 - the same
from tickets.conditions import Facts  # noqa: E402 - the same
from tickets.models import RoutingRule  # noqa: E402 - the same
from tickets.routing import Book, People, as_data, book_of, compiled, decide, explain  # noqa: E402 - the same

ROUNDS = 200
MEMBERS = 20
# As long as a letter of a page.
TEXT = " ".join(f"word{number} about a payout that is late" for number in range(60))


def figures(size: int) -> list[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    _desk(size)
    book = compiled()
    facts = Facts(priority="normal", channel="email", tier="standard", text=TEXT, subject="Late payouts")
    decision = decide(book, facts, People(clock.now()))
    if decision.rule is None or decision.rule.number != size or len(decision.asked) != size:
        raise SystemExit(f"bench: rule {size} should have taken it, and {decision.rule} did")
    roster = People(clock.now())
    found: list[tuple[str, Callable[[], object], int, bool]] = [
        ("the rules alone", lambda: decide(book, _fresh(facts), roster), ROUNDS, True),
        ("with the set-up, the people and what is kept", lambda: _routed(facts), ROUNDS, False),
        ("to make the rules ready", _made_ready, 10, False),
        ("all of it in words", lambda: explain(decision), 10, False),
    ]
    return [
        {"figure": name, "rules": size, "ms": _median(act, rounds), "is_limited": limited}
        for name, act, rounds, limited in found
    ]


def _routed(facts: Facts) -> object:
    return as_data(decide(compiled(SetUp()), _fresh(facts), People(clock.now())))


def _fresh(facts: Facts) -> Facts:
    """As it comes in: what was read of its words is not there yet."""
    return Facts(
        priority=facts.priority, channel=facts.channel, tier=facts.tier, text=facts.text, subject=facts.subject
    )


def _made_ready() -> Book:
    return book_of(RoutingRule.objects.all())


def _median(act: Callable[[], object], rounds: int) -> float:
    took = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        took.append(time.perf_counter() - started)
    return round(median(took) * 1000, 2)


def _desk(size: int) -> None:
    """Rules of four kinds, each asking for what this ticket is not; the last one takes it and gives it to a person."""
    team = Team.objects.create(name="Payments", slug="payments", is_fallback=True)
    people = User.objects.bulk_create(
        User(email=f"p{number}@desk.example", name=f"Person {number}", role="agent") for number in range(MEMBERS)
    )
    team.members.set(people)
    placed = {"do": "team", "value": "payments"}
    rules = [
        RoutingRule(name=f"Rule {number}", order=number, conditions=_conditions(number), actions=[placed])
        for number in range(size - 1)
    ]
    turns = {"do": "assign", "value": "round_robin"}
    last = RoutingRule(name="Last", order=size, conditions={"channel": ["email"]}, actions=[placed, turns])
    RoutingRule.objects.bulk_create([*rules, last])


def _conditions(number: int) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {"keywords": [f"nothing{number}", f"of the kind{number}*"]},
        {"tier": ["enterprise"], "keywords": [f"payout{number}"]},
        {"message": {"matches": rf"(lawyer|ombudsman)s?\s+no\.? ?{number}"}},
        {"priority": ["urgent", "high"], "channel": ["email"], "tags": [f"tag{number}"]},
        {"channel": ["email"], "language": [f"l{number}"]},
    ]
    return kinds[number % len(kinds)]
