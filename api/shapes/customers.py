"""What a list of customers does, as the API says it."""

from typing import TypedDict

from people.customers.book import Report


class RefusedRow(TypedDict):
    """`row` counts from 1, as the rows were given."""

    row: int
    why: str


class ImportShape(TypedDict):
    """People and organisations together. Refused rows change nothing; the others are taken."""

    dry_run: bool
    new: int
    changed: int
    same: int
    refused: list[RefusedRow]


def import_shape(report: Report, *, dry_run: bool) -> ImportShape:
    return {
        "dry_run": dry_run,
        "new": len(report.new),
        "changed": len(report.changed),
        "same": report.same,
        "refused": [{"row": one.number, "why": one.why} for one in report.refused],
    }
