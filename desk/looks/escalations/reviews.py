"""The register of reviews and the list of what was decided: what is due, overdue and done (R92)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from escalation.enums import ReviewState, State
from escalation.models import Escalation, Review, TrackedAction
from escalation.permissions import actions_for, reviews_for, runs, tracked_among, writes_review
from escalation.querysets import ReviewQuerySet, TrackedActionQuerySet
from people.models import User

PAGE = 25
REVIEW_LOOKS: Mapping[str, Promise] = {"": _("Due"), "done": _("Done"), "waived": _("Waived")}
ACTION_LOOKS: Mapping[str, Promise] = {"": _("Mine"), "all": _("All"), "done": _("Done")}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    review: Review
    actions: int
    actions_done: int
    standing: ReviewState


@dataclass(frozen=True, slots=True)
class ActionLine:
    """`sees`: the reader may open the escalation; `may`: tick it, and say whose it is."""

    action: TrackedAction
    standing: ReviewState
    sees: bool
    may: bool


@dataclass(frozen=True, slots=True)
class ReviewLook:
    """In the room: None for `review` where none was ever called for."""

    review: Review | None
    standing: ReviewState | None
    open_actions: int
    may_call: bool
    may_write: bool
    may_waive: bool


def reviews(user: User, look: str, page: str | None, now: datetime) -> tuple[Page[Any], list[ReviewLine]]:
    """The first due first, or the newest that is done or waived. Five questions, however many."""
    shown = Paginator(_of_look(reviews_for(user), look), PAGE).get_page(page)
    counted = _counted([row.escalation_id for row in shown])
    lines = [ReviewLine(row, *counted.get(row.escalation_id, (0, 0)), row.standing(now)) for row in shown]
    return shown, lines


def _of_look(found: ReviewQuerySet, look: str) -> ReviewQuerySet:
    if look == "done":
        return found.done().order_by("-done_at", "-pk")
    if look == "waived":
        return found.waived().order_by("-waived_at", "-pk")
    return found.open().order_by("due_at", "pk")


def _counted(escalations: list[int]) -> dict[int, tuple[int, int]]:
    """Actions, and how many of them are done."""
    rows = TrackedAction.objects.decided().filter(escalation__in=escalations).order_by().values("escalation")
    found = rows.annotate(n=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    return {row["escalation"]: (row["n"], row["done"]) for row in found}


def actions(user: User, look: str, page: str | None, now: datetime) -> tuple[Page[Any], list[ActionLine]]:
    """The first due first, or the newest done."""
    shown = Paginator(_asked(user, look), PAGE).get_page(page)
    return shown, action_lines(user, list(shown), now)


def action_lines(user: User, rows: list[TrackedAction], now: datetime) -> list[ActionLine]:
    keys = {row.escalation_id for row in rows}
    seen = set(Escalation.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    may = tracked_among(user, rows)
    return [ActionLine(row, _standing(row, now), row.escalation_id in seen, row.pk in may) for row in rows]


def _standing(row: TrackedAction, now: datetime) -> ReviewState:
    if row.done_at is not None:
        return ReviewState.DONE
    return ReviewState.OVERDUE if row.is_overdue(now) else ReviewState.DUE


def _asked(user: User, look: str) -> TrackedActionQuerySet:
    found = actions_for(user)
    if look == "done":
        return found.done().order_by("-done_at", "-pk")
    found = found.open().order_by(F("due_at").asc(nulls_last=True), "pk")
    return found if look == "all" else found.filter(owner=user)


def in_room(escalation: Escalation, user: User, now: datetime) -> ReviewLook:
    review: Review | None = getattr(escalation, "review", None)
    standing = review.standing(now) if review is not None else None
    is_closed = escalation.state == State.CLOSED
    is_owed = standing in (ReviewState.DUE, ReviewState.OVERDUE)
    return ReviewLook(
        review=review,
        standing=standing,
        open_actions=escalation.actions.open().count() if is_closed or review is not None else 0,
        may_call=is_closed and not is_owed and runs(user, escalation),
        may_write=review is not None and writes_review(user, escalation),
        may_waive=is_owed and runs(user, escalation),
    )
