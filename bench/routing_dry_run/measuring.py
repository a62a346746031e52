"""A past of so many tickets with their first messages and tags, and the time that putting them to the rules takes."""

import random
import sys
import time
from datetime import datetime, timedelta

import django
from django.core.management import call_command

django.setup()

from common import clock  # noqa: E402 - models can be imported from here on
from people.models import Organisation, Team, User  # noqa: E402 - the same
from tickets.models import Event, Message, RoutingRule, Tag, Ticket  # noqa: E402 - the same
from tickets.routing.book import book_of  # noqa: E402 - the same
from tickets.routing.replaying import Replayed, numbers_since, replay  # noqa: E402 - the same

DAYS = 30
BATCH = 5000
TEAMS = ("payments", "terminals", "risk", "settlement", "integrations")
WORDS = ("payout", "terminal", "chip", "refund", "invoice", "store", "since", "yesterday", "gateway", "card", "error")
TIERS = ("standard", "business", "enterprise")
TEXT = 60


def measure(size: int, rules: int) -> dict[str, float | int]:
    call_command("migrate", verbosity=0)
    now, chance = clock.now(), random.Random(20261123)
    _teams_and_rules(rules, chance)
    _seed(size, now, chance)
    began = time.perf_counter()
    found = Replayed(0)
    for found in replay(book_of(RoutingRule.objects.all()), numbers_since(now - timedelta(days=DAYS)), now):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{found.tickets} of {found.of} tickets")
    seconds = time.perf_counter() - began
    return {
        "tickets": found.tickets,
        "rules": rules,
        "seconds": round(seconds, 2),
        "tickets_a_second": round(found.tickets / seconds),
        "rules_that_fired": len(found.fired),
        "would_be_otherwise": found.touched,
    }


def _teams_and_rules(rules: int, chance: random.Random) -> None:
    """Half of the rules ask for words, the others for tags, tiers and channels; a tenth goes on."""
    for slug in TEAMS:
        team = Team.objects.create(name=slug.title(), slug=slug, is_fallback=slug == TEAMS[0])
        agents = (
            User(email=f"{slug}{number}@desk.example", name=f"{slug} {number}", role="agent") for number in range(10)
        )
        team.members.set(User.objects.bulk_create(agents))
    for number in range(rules):
        conditions = (
            {"keywords": [f"seldom{number}", f"{chance.choice(WORDS)} {chance.choice(WORDS)}"]}
            if number % 2
            else {"tags": [f"tag{number}"], "tier": [chance.choice(TIERS)], "channel": {"not": ["chat"]}}
        )
        actions = [{"do": "team", "value": chance.choice(TEAMS)}, {"do": "tag", "value": "routed"}]
        actions += [{"do": "assign", "value": "round_robin"}] if number % 3 else [{"do": "priority", "value": "high"}]
        RoutingRule.objects.create(
            name=f"Rule {number}", order=number, conditions=conditions, actions=actions, goes_on=number % 10 == 9
        )


def _seed(size: int, now: datetime, chance: random.Random) -> None:
    teams = list(Team.objects.all())
    tags = Tag.objects.bulk_create([Tag(name=f"tag{number}") for number in range(50)])
    people = _people(chance)
    for start in range(0, size, BATCH):
        count = min(BATCH, size - start)
        opened = sorted(now - timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(count))
        made = Ticket.objects.bulk_create([_ticket(at, chance.choice(people), chance.choice(teams)) for at in opened])
        Message.objects.bulk_create(
            [
                Message(
                    ticket=ticket,
                    author=ticket.requester,
                    body=" ".join(chance.choices(WORDS, k=TEXT)),
                    is_public=True,
                    created_at=ticket.created_at,
                )
                for ticket in made
            ],
            batch_size=BATCH,
        )
        Ticket.tags.through.objects.bulk_create(
            [Ticket.tags.through(ticket=ticket, tag=chance.choice(tags)) for ticket in made], batch_size=BATCH
        )
        Event.objects.bulk_create(
            [
                Event(ticket=ticket, kind="ticket.priority", at=now, data={"before": "low", "after": "normal"})
                for ticket in made[::4]
            ],
            batch_size=BATCH,
        )


def _people(chance: random.Random) -> list[User]:
    houses = [Organisation.objects.create(name=tier.title(), slug=tier, tier=tier) for tier in TIERS]
    return [
        User.objects.create(email=f"cora{number}@example.com", name="Cora", organisation=chance.choice(houses))
        for number in range(30)
    ]


def _ticket(at: datetime, requester: User, team: Team) -> Ticket:
    return Ticket(
        subject="Payouts are stuck",
        requester=requester,
        organisation=requester.organisation,
        team=team,
        created_at=at,
        updated_at=at,
    )
