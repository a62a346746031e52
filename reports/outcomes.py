"""What is shown of recommendations' figures to a reader: nothing that his own reports would not say (R31, R85)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from escalation.models import Recommendation
from people.models import User
from reports.aims import figures_for
from reports.asked import Asked
from reports.effect_days import asked_of, measured_on
from reports.enums import Verdict, Wished
from reports.models import Aim, Effect
from reports.movable import MOVABLE, Movable
from reports.shape import Change
from reports.sight import hidden_teams


@dataclass(frozen=True, slots=True)
class Outcome:
    """`asked` are the days around the one on which it was done; without them it is not done.

    `verdict` and `change` are there once it is measured, for a reader who sees all that was counted: of a team that is
    closed to him he would read something off the figures of the desk.
    """

    aim: Aim
    figure: Movable
    asked: Asked | None = None
    effect: Effect | None = None
    change: Change | None = None

    @property
    def due_on(self) -> date | None:
        return measured_on(self.asked) if self.asked and self.effect is None else None

    @property
    def verdict(self) -> Verdict | None:
        return verdict_of(self.change, Wished(self.aim.wished)) if self.change else None

    @property
    def query(self) -> str:
        """How its report is asked for the same."""
        if self.effect is None:
            return ""
        effect, of = self.effect, {"team": self.aim.team.slug} if self.aim.team else {}
        days = {"since": effect.first, "until": effect.last, "plan": effect.day}
        return urlencode({**{key: one.isoformat() for key, one in days.items()}, **of})


def outcomes(user: User, rows: Iterable[Recommendation]) -> dict[int, Outcome]:
    """By recommendation, of those that name a figure of a report and a team that he may see. Two queries."""
    people = ("recommendation__owner", "recommendation__made_by", "recommendation__settled_by")
    keys = [row.pk for row in rows]
    aims = list(Aim.objects.filter(pk__in=keys).select_related("team", "effect", *people)) if keys else []
    hidden = hidden_teams(user) if aims else set()
    known = {one.key for one in figures_for(user)}
    return {aim.pk: _outcome(aim, hidden) for aim in aims if aim.figure in known and aim.team_id not in hidden}


def verdict_of(change: Change, wished: Wished) -> Verdict:
    if change.low is None or change.high is None:
        return Verdict.TOO_FEW
    if not change.is_sure:
        return Verdict.CHANCE
    went = Wished.HIGHER if change.low > 0 else Wished.LOWER
    return Verdict.WORKS if went == wished else Verdict.WORSE


def _outcome(aim: Aim, hidden: set[int]) -> Outcome:
    asked, effect = asked_of(aim), getattr(aim, "effect", None)
    if asked is None or effect is None or effect.settled_at != aim.recommendation.settled_at:
        return Outcome(aim, MOVABLE[aim.figure], asked)
    return Outcome(aim, MOVABLE[aim.figure], asked, effect, None if hidden else effect.change)
