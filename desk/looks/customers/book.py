"""What a list of customers does, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.looks.settings.audit import plain_phrases
from desk.looks.settings.bundle import BroughtLine
from people.customers.book import Report, Taken
from people.models import User

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
    return BroughtLine(
        _("contact") if one.kind is User else _("organisation"),
        one.name,
        plain_phrases(one.kind, one.before, one.after),
    )
