"""What a recommendation has changed: its figure in the thirty days before it was done, and from that day on (R85).

It is counted as the report counts it (R83), of all that the desk has, before the transaction, for that may take a
second. In the transaction, with the recommendation held, it is written where nobody has written it meanwhile, and its
letters with it. So there is one, whatever crashes.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from common import clock
from common.errors import InvalidInput, NotFound
from common.failpoints import Point, reach
from common.setbacks import Round
from escalation.enums import RecommendationState
from escalation.models import Recommendation
from escalation.permissions import access_to_settle
from notifications.actions import notify
from people.models import User
from reports import effect_letters, keeping
from reports.asked import Asked
from reports.effect_days import asked_of, measured_on
from reports.models import Aim, Effect
from reports.models.effects import DAYS
from reports.movable import MOVABLE
from reports.register import REPORTS
from reports.saying import day_text
from reports.shape import Figure
from reports.sight import everything

ROUND = "effects"
# The midnight after its days is never sooner than this.
_SOONEST = DAYS - timedelta(hours=25)
_COLUMNS = ("before", "after", "effect", "low", "high", "before_cases", "after_cases")
_PEOPLE = ("team", "recommendation__owner", "recommendation__made_by", "recommendation__settled_by")


def run() -> int:
    """All whose days are over, the longest waiting first; returns how many were measured. Safe in several processes."""
    clock.synchronise()
    now = clock.now()
    done = Q(recommendation__state=RecommendationState.DONE, recommendation__settled_at__lte=now - _SOONEST)
    setbacks = Round(ROUND, now)
    waiting = Aim.objects.filter(done).exclude(effect__settled_at=F("recommendation__settled_at"))
    due = setbacks.open(waiting).select_related(*_PEOPLE).order_by("recommendation__settled_at", "pk")
    aims = {aim.pk: aim for aim in due}
    return setbacks.each(aims, lambda pk: _measure(aims[pk], now))


def again(*, user: User, pk: int, now: datetime) -> Recommendation:
    """Measured once more, by its owner or whoever sets the rules, with all that the facts say of those days by now.

    Raises NotFound where it names no figure, InvalidInput before its days are over and while facts are counted anew.
    """
    with transaction.atomic():
        access_to_settle(user, pk)
    aim = Aim.objects.filter(pk=pk, figure__in=MOVABLE).select_related(*_PEOPLE).first()
    if aim is None:
        raise NotFound(_("It names no figure that it should move."))
    asked = asked_of(aim)
    if asked is None:
        raise InvalidInput.of("state", _("It is not done: there is nothing to measure yet."))
    if now < asked.span.until:
        raise InvalidInput.of("state", _("It will be measured on %(day)s.") % {"day": day_text(measured_on(asked))})
    if not keeping.has_kept(asked.span.until):
        raise InvalidInput.of("state", _("The reports are being counted anew. Try it again in a few minutes."))
    _keep(aim, asked, figure_of(aim, asked, now), now, anew=True)
    return aim.recommendation


def figure_of(aim: Aim, asked: Asked, now: datetime) -> Figure:
    """The figure as its report has it for whoever sees everything. Raises LookupError for one that is in no report."""
    movable = MOVABLE[aim.figure]
    for figure in REPORTS[movable.report].build(everything(), asked, now=now).figures:
        if figure.key == movable.figure and figure.change is not None:
            return figure
    raise LookupError(aim.figure)


def _measure(aim: Aim, now: datetime) -> int:
    asked = asked_of(aim)
    if asked is None or now < asked.span.until or not keeping.has_kept(asked.span.until):
        return 0
    return _keep(aim, asked, figure_of(aim, asked, now), now)


@transaction.atomic
def _keep(aim: Aim, asked: Asked, figure: Figure, now: datetime, *, anew: bool = False) -> int:
    """Nothing where it was settled otherwise since, or aims at something else, or somebody has measured it already."""
    row = Recommendation.objects.select_for_update(of=("self",)).get(pk=aim.pk)
    settled_at, change = row.settled_at, figure.change
    same = Aim.objects.filter(pk=aim.pk, figure=aim.figure, team=aim.team, wished=aim.wished).exists()
    if settled_at is None or settled_at != aim.recommendation.settled_at or change is None or not same:
        return 0
    is_there = Effect.objects.filter(pk=aim.pk, settled_at=settled_at).exists()
    if is_there and not anew:
        return 0
    said = {
        **{name: getattr(change, name) for name in _COLUMNS},
        "settled_at": settled_at,
        "day": asked.plan,
        "zone": asked.span.zone.key,
        "unit": figure.headline.unit.value,
        "measured_at": now,
    }
    Effect.objects.update_or_create(pk=aim.pk, defaults=said)
    _tell(row, settled_at, now)
    reach(Point.BEFORE_COMMIT)
    return 1


def _tell(row: Recommendation, settled_at: datetime, now: datetime) -> None:
    """Whoever sees to it, and whoever said that it is done: once for each settling, whoever measures it again."""
    people = {person for person in (row.owner, row.settled_by) if person is not None and person.is_active}
    notify(
        recipients=people,
        compose=partial(effect_letters.measured, row),
        dedupe=f"effect:{row.pk}:{settled_at.isoformat()}",
        now=now,
    )
