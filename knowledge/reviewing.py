"""Articles whose date of review has come: each owner is alerted once about each date."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from common.dates import said
from knowledge.models import Article
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User

logger = logging.getLogger(__name__)


def run() -> int:
    """One round; how many articles were told of."""
    clock.synchronise()
    due = Article.objects.due_for_review(clock.now().date()).untold().order_by("review_on", "pk")
    return sum(_try(slug) for slug in due.values_list("slug", flat=True))


def _try(slug: str) -> int:
    try:
        return int(_tell(slug))
    except Exception:
        logger.exception("The review of article %s could not be told.", slug)
        return 0


@transaction.atomic
def _tell(slug: str) -> bool:
    """Of two rounds at once the second finds it told."""
    now = clock.now()
    rows = Article.objects.due_for_review(now.date()).untold().select_for_update(of=("self",))
    article = rows.filter(slug=slug).first()
    if article is None or article.review_on is None:
        return False
    due_on = article.review_on

    def compose(recipient: User) -> Letter:
        title = _("“%(title)s” is to be reviewed") % {"title": article.title}
        on = said(due_on, "j F Y")
        return Letter(
            kind=AlertKind.OVERDUE,
            title=title,
            body=_("Its date of review was %(date)s. Read it, change what is not true any more, and set the next date.")
            % {"date": on},
            path=f"/articles/{article.slug}/",
            why=_("You own this article."),
            action=_("Open the article"),
        )

    notify(recipients=_told(article), compose=compose, dedupe=f"review:{article.pk}:{due_on}", now=now)
    article.review_told_for = due_on
    article.save(update_fields=["review_told_for"])
    return True


def _told(article: Article) -> list[User]:
    """The owner; the administrators where there is none who works here."""
    if article.owner is not None and article.owner.is_active and article.owner.is_agent:
        return [article.owner]
    return list(User.objects.admins())
