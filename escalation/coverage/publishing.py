"""Ladders drafted, published, gone back to. What is published acts on what is opened from then on.

What is open keeps the levels that were frozen onto it.

A ladder can also be changed where its rows are maintained; whoever drafts or publishes next finds that as a version.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.audit import record_change, snapshot
from common.errors import InvalidInput, NotAllowedNow
from common.languages import as_kept
from common.text import one_line
from escalation.alerting.ladders import install_ladder
from escalation.coverage.loading import load
from escalation.coverage.proving import Hole
from escalation.coverage.reports import holes_in, keep, opened
from escalation.coverage.terms import LadderTerms, checked, facts_of_terms, read_terms, terms_of
from escalation.coverage.world import World
from escalation.models import Ladder, LadderLevel, LadderVersion
from people.models import Team, User

REASON_LIMIT = 300


class OpensHolesError(NotAllowedNow):
    """To be confirmed with a reason; `holes` are those that were not there before."""

    def __init__(self, holes: list[Hole]) -> None:
        self.holes = holes
        super().__init__(_("This opens a hole: say why that is all right, or close it first."))


def draft_of(ladder: Ladder) -> LadderVersion | None:
    return ladder.versions.filter(published_at=None).select_related("by").first()


def in_force(ladder: Ladder) -> LadderVersion | None:
    """The version published last; None where it was never published here."""
    return ladder.versions.exclude(published_at=None).select_related("by").first()


@transaction.atomic
def create_ladder(*, name: str, team: Team | None, by: User, now: datetime) -> Ladder:
    """It begins as what served the team so far, so that nothing changes before its first own version is published."""
    name = one_line(name, field="name", limit=80)
    if Ladder.objects.filter(name=name).exists():
        raise InvalidInput.of("name", _("There is a ladder of this name already."))
    if team is not None and Ladder.objects.filter(team=team).exists():
        raise InvalidInput.of("team", _("This team has a ladder of its own already."))
    common = Ladder.objects.filter(team=None).order_by("pk").first() or install_ladder()
    ladder = Ladder.objects.create(name=name, team=team)
    terms = replace(terms_of(common), name=name)
    _write(ladder, terms)
    _keep_version(ladder, terms, by=by, now=now)
    record_change(by=by, subject=_subject(ladder), before={}, after=_for_audit(ladder, terms, 1), of=ladder)
    world = load(now)
    keep(ladder.pk, holes_in(world, world.ladders[ladder.pk], now), now)
    return ladder


@transaction.atomic
def save_draft(*, ladder: Ladder, terms: LadderTerms, seen: str, by: User, now: datetime) -> LadderVersion:
    """In place of the draft that it has. `seen` is the draft as its editor saw it (`stamp`); NotAllowedNow when it is
    another now.
    """
    ladder = _locked(ladder)
    _check_seen(ladder, seen)
    terms = checked(terms, ladder)
    number = _settle(ladder, now) + 1
    values = {"number": number, "terms": terms.as_json(), "by": by, "saved_at": now}
    draft, _new = LadderVersion.objects.update_or_create(ladder=ladder, published_at=None, defaults=values)
    return draft


@transaction.atomic
def discard_draft(*, ladder: Ladder) -> None:
    _locked(ladder).versions.filter(published_at=None).delete()


@transaction.atomic
def publish_draft(*, ladder: Ladder, seen: str, reason: str, by: User, now: datetime) -> LadderVersion:
    """It acts from now on. OpensHolesError where it opens a hole and no reason is given."""
    ladder = _locked(ladder)
    _check_seen(ladder, seen)
    draft = draft_of(ladder)
    if draft is None:
        raise NotAllowedNow(_("There is no draft to publish."))
    terms = read_terms(draft.terms)
    return _publish(ladder, terms, replaced=draft, reason=reason, by=by, now=now)


@transaction.atomic
def return_to(*, ladder: Ladder, number: int, reason: str, by: User, now: datetime) -> LadderVersion:
    """A new version that says what an earlier one said; a draft stays as it is."""
    ladder = _locked(ladder)
    earlier = ladder.versions.exclude(published_at=None).filter(number=number).first()
    if earlier is None:
        raise NotAllowedNow(_("There is no such version to return to."))
    return _publish(ladder, read_terms(earlier.terms), reason=reason, by=by, now=now)


def holes_opened(ladder: Ladder, terms: LadderTerms, world: World, now: datetime) -> tuple[list[Hole], list[Hole]]:
    """All that these terms would have, and those of them that are not there today."""
    after = holes_in(world, facts_of_terms(terms, ladder), now)
    return after, opened(holes_in(world, world.ladders[ladder.pk], now), after)


def stamp(draft: LadderVersion | None) -> str:
    """By which two editors of one draft are told apart."""
    return draft.saved_at.isoformat() if draft else ""


def _publish(
    ladder: Ladder,
    terms: LadderTerms,
    *,
    reason: str,
    by: User,
    now: datetime,
    replaced: LadderVersion | None = None,
) -> LadderVersion:
    terms, current = checked(terms, ladder), terms_of(ladder)
    holes, new = holes_opened(ladder, terms, load(now), now)
    reason = reason.strip()
    if new and not reason:
        raise OpensHolesError(new)
    if reason:
        reason = one_line(reason, field="reason", limit=REASON_LIMIT)
    last = _settle(ladder, now)
    before = _for_audit(ladder, current, last)
    if replaced is not None:
        replaced.delete()
    ladder.versions.filter(published_at=None).update(number=last + 2)
    _write(ladder, terms)
    version = _keep_version(ladder, terms, by=by, now=now, reason=reason, number=last + 1)
    record_change(
        by=by,
        subject=_subject(ladder),
        before=before,
        after={**_for_audit(ladder, terms, last + 1), **_confirmed(new, reason)},
        of=ladder,
    )
    keep(ladder.pk, holes, now)
    return version


def _settle(ladder: Ladder, now: datetime) -> int:
    """The number of what is in force. Where its rows were changed elsewhere, that becomes a version here."""
    last, terms = in_force(ladder), terms_of(ladder)
    if last is not None and read_terms(last.terms) == terms:
        return last.number
    number = (last.number if last else 0) + 1
    ladder.versions.filter(published_at=None).update(number=number + 1)
    _keep_version(ladder, terms, by=None, now=now, number=number)
    return number


def _keep_version(
    ladder: Ladder, terms: LadderTerms, *, by: User | None, now: datetime, number: int = 1, reason: str = ""
) -> LadderVersion:
    common: dict[str, Any] = {"terms": terms.as_json(), "by": by, "saved_at": now, "reason": reason}
    return LadderVersion.objects.create(ladder=ladder, number=number, published_at=now, **common)


def _write(ladder: Ladder, terms: LadderTerms) -> None:
    """Onto the rows that act."""
    ladder.name, ladder.calendar_id = terms.name, terms.calendar
    ladder.widen_after = timedelta(seconds=terms.widen_after) if terms.widen_after else None
    ladder.languages = list(terms.languages)
    ladder.save(update_fields=["name", "calendar", "widen_after", "languages"])
    ladder.skills.set(terms.skills)
    ladder.levels.all().delete()
    for number, level in enumerate(terms.levels, start=1):
        row = LadderLevel.objects.create(
            ladder=ladder,
            level=number,
            reach=level.reach,
            steps_up=level.steps_up,
            delay=timedelta(seconds=level.delay),
            by_mail=level.by_mail,
            in_hours=level.in_hours,
            repeat_every=timedelta(seconds=level.repeat_every) if level.repeat_every else None,
            repeat_times=level.repeat_times,
        )
        row.people.set(level.people)


def _check_seen(ladder: Ladder, seen: str) -> None:
    draft = draft_of(ladder)
    if stamp(draft) == seen:
        return
    if draft is None:
        raise NotAllowedNow(_("The draft that you were editing was published or thrown away meanwhile."))
    raise NotAllowedNow(
        _("%(name)s has saved a draft meanwhile. What differs from yours stands beside the levels.")
        % {"name": draft.by or _("Somebody")}
    )


def _locked(ladder: Ladder) -> Ladder:
    return Ladder.objects.select_for_update().get(pk=ladder.pk)


def _for_audit(ladder: Ladder, terms: LadderTerms, number: int) -> dict[str, Any]:
    """Its columns, as every other row has them, and its levels."""
    return {**snapshot(ladder), "levels": terms.as_json()["levels"], "version": number}


def _confirmed(holes: list[Hole], reason: str) -> dict[str, Any]:
    """Why what opens these holes was published all the same."""
    return {"reason": reason, "holes": [hole.mark.gap.value for hole in holes]} if holes else {}


def _subject(ladder: Ladder) -> str:
    return f"{as_kept(ladder._meta.verbose_name)} {ladder.name}"
