"""What the rules that fired want done besides: a letter for each, written in the transaction of their firing.

Nothing is said, called or escalated where the rules are asked: a round does it (`rerouting.deeds`), and the floor
above (R11). So it is done once, however often a rule fires and whatever dies in between.
"""

from datetime import datetime
from typing import Any

from tickets import conditions
from tickets.models import RuleDeed, Ticket
from tickets.routing import Decision
from tickets.routing.action import ESCALATES
from tickets.routing.deciding import Effect


def owe(ticket: Ticket, decision: Decision | None, *, now: datetime) -> None:
    """Of a ticket that is stored; what is owed or was done once for it and for the rule is not owed again."""
    rows = rows_of(ticket, decision, now=now)
    if rows:
        RuleDeed.objects.bulk_create(rows, ignore_conflicts=True)


def rows_of(ticket: Ticket, decision: Decision | None, *, now: datetime) -> list[RuleDeed]:
    """Not yet stored."""
    return [
        RuleDeed(
            ticket=ticket,
            rule_key=effect.rule.key,
            rule_name=effect.rule.name,
            do=effect.action.do,
            action=effect.action.as_json(),
            why=_why(effect, decision) if effect.action.do in ESCALATES else {},
            at=now,
        )
        for effect in (decision.effects if decision is not None else ())
        if decision is not None
    ]


def _why(effect: Effect, decision: Decision) -> dict[str, Any]:
    """As criteria say it: the rule, its conditions in one sentence, and for each what was found on this ticket."""
    words = decision.book.vocabulary
    asked = effect.rule.conditions
    return {
        "rule": effect.rule.name,
        "sentence": conditions.in_words(asked, words),
        "parts": [
            {"key": part.key, "words": part.words, "found": part.found}
            for part in conditions.explain(asked, decision.facts, words)
        ],
    }
