"""What a campaign brought: the Net Promoter Score, and what was said."""

from dataclasses import dataclass

from django.db.models import Count, Q

from surveys.models import PASSIVES_FROM, PROMOTERS_FROM, Campaign


@dataclass(frozen=True, slots=True)
class Result:
    """Counts of people."""

    asked: int
    answered: int
    promoters: int
    passives: int
    detractors: int

    @property
    def score(self) -> int | None:
        """From -100 to 100: the share of promoters less that of detractors, in percent. None without an answer."""
        return round(100 * (self.promoters - self.detractors) / self.answered) if self.answered else None

    @property
    def rate(self) -> int:
        """How many of those asked have answered, in percent."""
        return round(100 * self.answered / self.asked) if self.asked else 0


def results(campaigns: list[Campaign]) -> dict[int, Result]:
    """By the campaign's key; one query, however many there are."""
    scored = {
        "promoters": Q(questions__score__gte=PROMOTERS_FROM),
        "passives": Q(questions__score__range=(PASSIVES_FROM, PROMOTERS_FROM - 1)),
        "detractors": Q(questions__score__lt=PASSIVES_FROM),
    }
    rows = Campaign.objects.filter(pk__in=[one.pk for one in campaigns]).annotate(
        asked=Count("questions", filter=Q(questions__asked_at__isnull=False)),
        answered=Count("questions", filter=Q(questions__answered_at__isnull=False)),
        **{name: Count("questions", filter=condition) for name, condition in scored.items()},
    )
    return {
        row["pk"]: Result(row["asked"], row["answered"], row["promoters"], row["passives"], row["detractors"])
        for row in rows.values("pk", "asked", "answered", *scored)
    }
