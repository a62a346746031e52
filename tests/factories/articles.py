from datetime import datetime

from knowledge import settling
from knowledge.actions import Draft, bring_in
from knowledge.models import Article


def make_article(slug: str, now: datetime, *, title: str = "", body: str = "So it is done.", **terms) -> Article:
    """In force, for everybody unless something else is said."""
    bring_in(slug=slug, draft=Draft(title or slug.capitalize(), body), by=None, now=now)
    return settling.settle(slug=slug, terms={"readers": "everybody", **terms}, by=None)
