"""What a recommendation should move, and what it has moved, as pages have it (R85)."""

from dataclasses import dataclass

from django.urls import reverse

from reports.enums import Verdict
from reports.outcome_words import (
    aim_text,
    before_after_text,
    difference_text,
    interval_text,
    measured_text,
    short_text,
    verdict_text,
)
from reports.outcomes import Outcome

TONES = {Verdict.WORKS: "ok", Verdict.WORSE: "breach"}


@dataclass(frozen=True, slots=True)
class OutcomeLook:
    """Texts; `url` leads to the report that compares the same days."""

    aim: str
    verdict: str
    short: str
    tone: str
    apart: str
    sides: str
    measured: str
    url: str


def outcome_look(outcome: Outcome) -> OutcomeLook:
    report = reverse("desk:report", args=[outcome.figure.report])
    return OutcomeLook(
        aim=aim_text(outcome),
        verdict=verdict_text(outcome),
        short=short_text(outcome),
        tone=TONES.get(outcome.verdict, "") if outcome.verdict else "",
        apart=_apart(outcome),
        sides=before_after_text(outcome),
        measured=measured_text(outcome),
        url=f"{report}?{outcome.query}" if outcome.effect else "",
    )


def _apart(outcome: Outcome) -> str:
    interval = interval_text(outcome)
    return f"{difference_text(outcome)} ({interval})" if interval else ""
