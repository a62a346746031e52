"""What a list of customers does, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.looks.audit import plain_phrases
from desk.looks.bundle import BroughtLine
from people.customer_book import Report, Taken

SHOWN = 200


@dataclass(frozen=True, slots=True)
class BookLook:
    report: Report
    new: Sequence[BroughtLine]
    changed: Sequence[BroughtLine]

    @property
    def refused_unsaid(self) -> int:
        return max(0, len(self.report.refused) - SHOWN)

    @property
    def unsaid(self) -> int:
        return len(self.report.taken) - len(self.new) - len(self.changed)


def book_look(report: Report) -> BookLook:
    return BookLook(report, *([_line(one) for one in those[:SHOWN]] for those in (report.new, report.changed)))


def _line(one: Taken) -> BroughtLine:
    return BroughtLine(str(one.kind._meta.verbose_name), one.name, plain_phrases(one.kind, one.before, one.after))
