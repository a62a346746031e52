"""Loads the demo into an empty desk: one transaction, the same month each time, counted back from now."""

from datetime import datetime, timedelta
from itertools import chain
from random import Random

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from config.demo import archive, company, lessons, promises, ratings, reach, routes, scenes, story, workspace
from config.demo.scenes import outage
from config.demo.stage import Stage
from escalation.automatic.assessing import assess
from escalation.coverage.reports import prove_all
from escalation.initiate.proposals import open_owed
from escalation.models import Escalation
from notifications.enums import AlertKind, DeliveryState
from notifications.models import Alert, Delivery
from people.models import User

SEED = 1789
ORDINARY, BEFORE, LATE = 165, 45, 4
# Before the first of the played stories.
AGREED = timedelta(days=21)
FOUNDED = timedelta(days=2 * story.DAYS + 15)


def is_loaded() -> bool:
    return User.objects.filter(email=company.address("adam")).exists()


def is_empty() -> bool:
    return not User.objects.exists()


@transaction.atomic
def load(now: datetime) -> company.Cast:
    """People, promises, thirty days of work and, thinner, the thirty before.

    The plain stories are written down, the eventful ones are played.
    """
    with translation.override("en"):
        cast = company.hire(now)
        calendar = promises.promise(cast, founded=now - FOUNDED, now=now)
        business = calendar.current.work_calendar()
        month = story.month(now, business, count=ORDINARY, rng=Random(SEED))  # noqa: S311 - a story, no secret
        before = story.month_before(now, business, count=BEFORE, rng=Random(SEED + 3))  # noqa: S311 - the same
        written = [*before, *month, *scenes.told(scenes.WRITTEN, now, business)]
        tickets = archive.write(cast, sorted(written, key=lambda told: told[0].at), now=now)
        promises.agree_between_teams(cast, now - AGREED)
        late = story.late_ones(now, business, count=LATE, rng=Random(SEED + 1))  # noqa: S311 - a story, no secret
        played = chain.from_iterable(scenes.told(scenes.PLAYED, now, business))
        Stage(cast, tickets).play([*late, *played], until=now)
        assess(now)
        open_owed(now)
        outage.lose_touch(cast)
        workspace.furnish(cast, now)
        ratings.rate(now, rng=Random(SEED + 2))  # noqa: S311 - a story, no secret
        promises.open_fast_lane(cast, now)
        reach.arrange(cast, now)
        routes.find_owners()
        lessons.teach(cast, now)
        prove_all(now)
    _settle_the_past(now)
    return cast


def _settle_the_past(now: datetime) -> None:
    """What was told in the past has arrived then, and is read but for the news of the last day.

    Whoever has decided has read what he was asked.
    """
    Delivery.objects.unsent().update(state=DeliveryState.SENT, sent_at=F("created_at"), attempts=1)
    undecided = Escalation.objects.requested().values("number")
    decided = Q(kind=AlertKind.APPROVAL) & ~Q(escalation_number__in=undecided)
    Alert.objects.unread().filter(decided | Q(created_at__lt=now - archive.NEWS)).update(read_at=F("created_at"))
