"""What the demo's desk has learned: recommendations (R85), what is read against which cause (R93), a weekly report."""

from datetime import datetime, timedelta

from config.demo.company import Cast
from config.demo.texts import workspace as texts
from escalation.models import Escalation, Training, TrainingDone
from escalation.services import ruling
from knowledge.models import Article, ArticleVersion
from reports import aims
from reports.enums import Every
from reports.saved import Plan, save_report

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
    _train(cast, now)
    mona = cast.people["mona"]
    weekly = Plan(Every.WEEK, 0, 8, [mona, admin])
    save_report(user=mona, name=texts.WEEKLY, report="sla", query={"days": "30"}, plan=weekly, for_all=True, now=now)


def _train(cast: Cast, now: datetime) -> None:
    """The first of them some have read already."""
    articles = {one.slug: one for one in Article.objects.filter(slug__in=texts.TRAININGS)}
    for slug, cause in texts.TRAININGS.items():
        Training.objects.create(article=articles[slug], cause=cause)
    version = ArticleVersion.objects.filter(article__slug=next(iter(texts.TRAININGS))).latest("number")
    for who in texts.HAVE_READ:
        TrainingDone.objects.create(person=cast.people[who], version=version, at=now - THOUGHT)
