"""What a recommendation is to change, and what it has changed (R85)."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models import Recommendation
from people.models import Team
from reports.enums import Wished
from reports.shape import Change, Unit

DAYS = timedelta(days=30)


class Aim(models.Model):
    """The figure that a recommendation should move, of a team or of the whole desk, and which way.

    `figure` is a key of `reports.movable.MOVABLE`.
    """

    recommendation = models.OneToOneField(
        Recommendation, primary_key=True, on_delete=models.CASCADE, related_name="aim"
    )
    figure = models.CharField(_("figure"), max_length=40)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    wished = models.CharField(_("it should go"), max_length=6, choices=Wished.choices)

    def __str__(self) -> str:
        return f"{self.figure} {self.wished}"


class Effect(models.Model):
    """What was measured once the days after it were over: the figure's change around `day`, in its unit (R83).

    `settled_at` says of which settling: what is taken up once more and done again is measured again. `day` is the
    day of it in `zone`.
    """

    aim = models.OneToOneField(Aim, primary_key=True, on_delete=models.CASCADE, related_name="effect")
    settled_at = models.DateTimeField()
    day = models.DateField()
    zone = models.CharField(max_length=64)
    unit = models.CharField(max_length=8)
    before = models.FloatField(null=True)
    after = models.FloatField(null=True)
    effect = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    before_cases = models.PositiveIntegerField()
    after_cases = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.aim_id}: {self.before} → {self.after}"

    @property
    def change(self) -> Change:
        return Change(self.before, self.after, self.effect, self.low, self.high, self.before_cases, self.after_cases)

    @property
    def first(self) -> date:
        return self.day - DAYS

    @property
    def last(self) -> date:
        return self.day + DAYS - timedelta(days=1)

    @property
    def figure_unit(self) -> Unit:
        return Unit(self.unit)
