"""What a bundle would change, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.bundle.bringing import Brought, Report
from desk.looks.settings.audit import Phrase, plain_phrases

SHOWN = 200


@dataclass(frozen=True, slots=True)
class BroughtLine:
    title: str
    key: str
    phrases: Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class BundleLook:
    report: Report
    made: Sequence[BroughtLine]
    changed: Sequence[BroughtLine]

    @property
    def unsaid(self) -> int:
        return max(0, len(self.report.brought) - len(self.made) - len(self.changed))


def bundle_look(report: Report) -> BundleLook:
    return BundleLook(report, *([_line(one) for one in those[:SHOWN]] for those in (report.made, report.changed)))


def _line(one: Brought) -> BroughtLine:
    return BroughtLine(one.table.title, one.key, plain_phrases(one.table.model, one.before, one.after))
