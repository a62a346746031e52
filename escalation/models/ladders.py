"""The ladder: who is alerted, in which order; as configured, and as frozen onto one escalation (DESIGN §3.6, §4)."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar, CalendarVersion
from escalation.enums import Reach, RungState
from escalation.models.escalation import Escalation
from escalation.querysets import RungQuerySet
from people.models import Skill, Team


class Ladder(models.Model):
    """Who is alerted, in which order, after which delays, until somebody acknowledges."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    team = models.OneToOneField(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="ladder",
        help_text=_("Without a team it serves all teams that have none of their own."),
    )
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ladders",
        help_text=_("When those levels are reached that are reached in working hours only."),
    )
    widen_after = models.DurationField(
        _("draw in more people after"),
        null=True,
        blank=True,
        help_text=_("When it is not resolved by then, the next up the chain of command are told. Empty: never."),
    )
    # What somebody who is reached must have; only the proof of coverage asks for it.
    languages = models.JSONField(_("languages"), default=list, blank=True)
    skills: "models.ManyToManyField[Skill, Any]" = models.ManyToManyField(
        Skill, verbose_name=_("skills"), blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(widen_after=None) | Q(widen_after__gt=timedelta()), name="ladder_widens_later"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Aim(models.Model):
    """What a level asks for, as configured and as frozen alike."""

    reach = models.CharField(_("whom"), max_length=16, choices=Reach.choices)
    steps_up = models.PositiveSmallIntegerField(
        _("teams up"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("For managers of a team above: 1 is the next team up, 2 the one above that."),
    )
    delay = models.DurationField(_("after"), help_text=_("Counted from the first alert of the level before."))
    by_mail = models.BooleanField(_("by e-mail too"), default=True, help_text=_("In the app always."))
    repeat_every = models.DurationField(_("repeat every"), null=True, blank=True)
    repeat_times = models.PositiveSmallIntegerField(
        _("at most so often"), default=0, validators=[MaxValueValidator(99)], help_text=_("Until it is acknowledged.")
    )

    class Meta:
        abstract = True


class LadderLevel(Aim):
    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField(_("level"))
    people: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("people"), blank=True, related_name="+"
    )
    in_hours = models.BooleanField(
        _("in working hours only"),
        default=False,
        help_text=_("Outside them it is passed over at once; the last level waits for them."),
    )

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "level"], name="ladderlevel_once"),
            models.CheckConstraint(
                condition=Q(repeat_every=None, repeat_times=0) | Q(repeat_every__gt=timedelta(), repeat_times__gt=0),
                name="ladderlevel_repeats_whole",
                violation_error_message=_("To repeat it, say how often and at most how many times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.level}"

    def clean(self) -> None:
        # Of a ladder that is just being made together with its levels as well.
        ladder = self._state.fields_cache.get("ladder") or (self.ladder if self.ladder_id else None)
        if self.in_hours and ladder is not None and ladder.calendar_id is None:
            raise ValidationError({"in_hours": _("The ladder has no calendar that says when those are.")})


class LadderVersion(models.Model):
    """A ladder as it was published, or as it is being drafted; what was published is never edited.

    `terms` are those of `coverage.terms`. A draft has no `published_at`, and acts on nothing.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    terms = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    published_at = models.DateTimeField(_("published"), null=True)
    # Why a hole that it opens is taken into account.
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["ladder", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "number"], name="ladderversion_number_once"),
            models.UniqueConstraint(fields=["ladder"], condition=Q(published_at=None), name="ladderversion_one_draft"),
        ]

    def __str__(self) -> str:
        return _("%(name)s, version %(number)d") % {"name": self.ladder.name, "number": self.number}


class LadderReport(models.Model):
    """What the proof of coverage found last, hole by hole; computed when the ladder is saved, and every hour."""

    ladder = models.OneToOneField(Ladder, primary_key=True, on_delete=models.CASCADE, related_name="report")
    at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    # The first of them, as `coverage.reports` writes them.
    holes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.ladder}: {self.count}"


class Rung(Aim):
    """A level of the ladder as frozen onto one escalation, in one round of its ladder.

    One that waits has a `next_moment` when its turn is next; the one after it gets its own when this one was sent
    (DESIGN §3.6). One that was sent has a `next_moment` while it is to be repeated.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="rungs", db_index=False)
    # A ladder that starts again begins its next round; the rows of those before are history.
    round = models.PositiveSmallIntegerField(default=1)
    level = models.PositiveSmallIntegerField()
    # Primary keys of people, for a level that names them.
    named = models.JSONField(default=list)
    # Without one the level is reached round the clock.
    hours = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    repeated = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=RungState.choices, default=RungState.WAITING)
    who = models.CharField(max_length=300, blank=True)
    next_moment = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[RungQuerySet] = RungQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["round", "level"]
        constraints = [models.UniqueConstraint(fields=["escalation", "round", "level"], name="rung_once_a_round")]
        indexes = [
            models.Index(fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="rung_next_moment")
        ]

    # What a new round takes over from the one before, and what a sending changes.
    FROZEN: ClassVar[tuple[str, ...]] = (
        *("level", "reach", "steps_up", "named", "delay", "by_mail", "hours_id", "repeat_every", "repeat_times"),
    )
    CHANGING: ClassVar[tuple[str, ...]] = ("state", "who", "sent_at", "repeated", "next_moment")

    def __str__(self) -> str:
        return f"{self.escalation} level {self.level}"

    @property
    def repeats_left(self) -> int:
        return self.repeat_times - self.repeated if self.repeat_every else 0

    def mark_sent(self, who: str, now: datetime) -> None:
        """In memory only: alerted now, for the first time or again, or skipped where nobody stands on it."""
        if self.state == RungState.SENT:
            self.repeated += 1
        else:
            self.state = RungState.SENT if who else RungState.SKIPPED
            self.who = who
            self.sent_at = now if who else None
        again = self.state == RungState.SENT and self.repeats_left
        self.next_moment = now + self.repeat_every if again and self.repeat_every else None


class Acknowledgement(models.Model):
    """Who took it on in which round of its ladder, and when that lapsed because a promised update did not come."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="acknowledgements")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["escalation", "round"], name="acknowledgement_once_a_round"),
            models.CheckConstraint(
                condition=Q(lapsed_at=None) | Q(lapsed_at__gte=F("at")), name="acknowledgement_lapses_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation}, round {self.round}"


class Involvement(models.Model):
    """Somebody drawn in because the matter was not resolved by a set moment (R13)."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="involvements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="involvements")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["escalation", "person"], name="involvement_once")]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.person}"


def as_names(people: Any) -> str:
    """People in one short line, as the ladder shows them."""
    return ", ".join(str(person) for person in people)[:300]
