"""Which team a ticket belongs to by the rules, where only that is asked: of what is imported or made up."""

from dataclasses import dataclass

from common.configuration import SetUp
from people.models import Team
from tickets.conditions import Facts
from tickets.routing.book import compiled
from tickets.routing.deciding import Decision, decide
from tickets.routing.roster import Member


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a ticket goes and the rule that said so; no rule means the catch-all."""

    team: Team | None
    rule: str
    decision: Decision


class Nobody:
    """A team of which nobody can be given anything: its tickets are the team's."""

    def members(self, team: str) -> list[Member]:
        return []

    def on_duty(self, team: str) -> list[Member]:
        return []

    def lead(self, team: str) -> Member | None:
        return None

    def last(self, rule: int, team: str) -> int:
        return 0


def place(facts: Facts, set_up: SetUp | None = None) -> Placement:
    """The first enabled rule that holds; otherwise the fallback team (R12, R59)."""
    decision = decide(compiled(set_up), facts, Nobody())
    return Placement(team_of(decision), decision.rule_name, decision)


def team_of(decision: Decision) -> Team | None:
    """The ticket's own instance: who looks for its lead from there must find him as he is, not as he was."""
    team = decision.book.teams.get(decision.team)
    if team is None:
        return None
    names = [field.attname for field in Team._meta.concrete_fields]
    return Team.from_db(team._state.db, names, [getattr(team, name) for name in names])
