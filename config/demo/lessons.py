"""What the demo's desk has recommended to itself (R85): done and measured, done lately, taken up, and open."""

from datetime import datetime, timedelta

from config.demo.company import Cast
from config.demo.texts import workspace as texts
from escalation.models import Escalation
from escalation.services import ruling
from reports import aims

# It is settled so long after it was made.
THOUGHT = timedelta(days=6)


def teach(cast: Cast, now: datetime) -> None:
    """After the month has been told. What was done long enough ago the desk measures itself, in its first minute."""
    admin = cast.people["adam"]
    taught = Escalation.objects.order_by("number").values_list("number", flat=True).first()
    for lesson in texts.LESSONS:
        at = now - timedelta(days=lesson.days)
        made = aims.recommend(
            user=admin,
            title=lesson.title,
            why=lesson.why,
            about=lesson.about,
            owner=cast.people[lesson.owner].email,
            learned_from=taught if lesson.is_taught else None,
            figure=lesson.figure,
            team=lesson.team,
            now=at - THOUGHT,
        )
        if lesson.state != made.state:
            ruling.settle(user=cast.people[lesson.owner], pk=made.pk, state=lesson.state, now=at)
