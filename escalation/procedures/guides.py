"""The guide of an escalation (R70): which version it follows, and which steps of it are taken."""

from collections.abc import Iterable
from typing import NamedTuple

from escalation.models import Escalation, GuideTick, Procedure
from knowledge.models import ArticleVersion


class Taken(NamedTuple):
    """A step of the guide; `tick` is None while it is open."""

    number: int
    sentence: str
    required: bool
    tick: GuideTick | None


def guides_of(procedures: Iterable[Procedure]) -> dict[str, ArticleVersion]:
    """What is in force now, by the short names that the procedures give. One query, and none where none is named."""
    slugs = {procedure.guide for procedure in procedures if procedure.guide}
    return {version.article.slug: version for version in ArticleVersion.objects.in_force(slugs)} if slugs else {}


def guide_for(procedure: Procedure) -> ArticleVersion | None:
    return guides_of([procedure]).get(procedure.guide)


def steps_of(escalation: Escalation) -> list[Taken]:
    """Every step of the version that it follows, with its tick; empty without a guide."""
    if escalation.guide is None:
        return []
    fetched = "guide_ticks" in getattr(escalation, "_prefetched_objects_cache", {})
    found = escalation.guide_ticks.all() if fetched else escalation.guide_ticks.select_related("by")
    ticks = {tick.step: tick for tick in found}
    return [Taken(*step, tick=ticks.get(step.number)) for step in escalation.guide.guide]


def left(escalation: Escalation) -> list[Taken]:
    """The required steps that nobody has taken."""
    return [step for step in steps_of(escalation) if step.required and step.tick is None]
