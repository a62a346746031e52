"""What the month's customers thought of how they were answered (R88), written down in two statements.

Whoever waited longer than he was promised is less content; not everybody who is asked answers.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from config.demo.texts.thanks import COMMENTS, KEPT, MISSED
from people.enums import Role
from sla.models import Breach
from tickets.enums import EventKind
from tickets.models import Rating, Ticket
from tickets.timeline import line, record_many

# The share of those who are asked and say nothing.
SILENT = 0.45
STARS = (5, 4, 3, 2, 1)
SOONEST, LATEST = timedelta(minutes=4), timedelta(hours=30)


def rate(now: datetime, rng: Random) -> None:
    """After the month has been told. The newest answer is of the last hours, and none lies in the future."""
    ratings = list(_ratings(now, rng))
    Rating.objects.bulk_create(ratings)
    record_many(
        [
            line(one.ticket_id, EventKind.RATED, now=one.given_at, actor=one.by, score=one.score, comment=one.comment)
            for one in ratings
        ]
    )


def _ratings(now: datetime, rng: Random) -> Iterator[Rating]:
    late = set(Breach.objects.values_list("ticket_id", flat=True))
    asked = Ticket.objects.filter(requester__role=Role.CUSTOMER, solved_at__isnull=False, merged_into=None)
    for ticket in asked.select_related("requester", "organisation", "team", "assignee").order_by("number"):
        silent, wait = rng.random() < SILENT, SOONEST + rng.random() * (LATEST - SOONEST)
        score = rng.choices(STARS, weights=MISSED if ticket.number in late else KEPT)[0]
        comment = rng.choice(COMMENTS[ticket.requester.language][score])
        given_at = (ticket.solved_at or now) + wait
        if silent or given_at > now:
            continue
        yield Rating(
            ticket=ticket,
            by=ticket.requester,
            organisation=ticket.organisation,
            team=ticket.team,
            agent=ticket.assignee,
            score=score,
            comment=comment,
            given_at=given_at,
            changed_at=given_at,
        )
