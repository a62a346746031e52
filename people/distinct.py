"""Two entries that look like one customer and are two: somebody has said so, and they are not suggested again."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Distinct(models.Model):
    """Two people, or two organisations, who are not one and the same."""

    one = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    one_house = models.ForeignKey("people.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    other_house = models.ForeignKey("people.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="distinct_people_once"),
            models.UniqueConstraint(fields=["one_house", "other_house"], name="distinct_houses_once"),
            models.CheckConstraint(
                condition=Q(one__isnull=False, other__isnull=False, one_house=None, other_house=None)
                | Q(one=None, other=None, one_house__isnull=False, other_house__isnull=False),
                name="distinct_people_or_houses",
            ),
        ]

    def __str__(self) -> str:
        return " / ".join(str(row) for row in self.pair)

    @property
    def pair(self) -> "tuple[models.Model | None, models.Model | None]":
        return (self.one or self.one_house, self.other or self.other_house)
