"""A view as CSV or XLSX, as far as the reader may see it, sent while it is read."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput, NotFound
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.looks.inbox.export import batches, columns, csv_parts, write_xlsx
from desk.looks.inbox.inbox import Asked, found_by

PART = 64 * 1024
Parts = Callable[[Iterator[list[list[str]]]], Iterator[bytes]]


@require_safe
@desk_page  # type: ignore[arg-type] # a stream is an answer, too
def export(request: DeskRequest) -> HttpResponseBase:
    """`format` is csv or xlsx; the rest of the address is the inbox's own."""
    now = clock.now()
    asked = Asked.from_query(request.GET, request.user)
    wanted = request.GET.get("format", "csv")
    if wanted not in FORMATS:
        raise NotFound
    try:
        found_by(request.user, asked, now)
    except InvalidInput as wrong:
        return show(request, "desk/inbox/no_export.html", {"error": str(wrong)}, status=BAD_INPUT)
    content_type, parts = FORMATS[wanted]
    name = f"tickets-{timezone.localtime(now):%Y-%m-%d-%H%M}.{wanted}"
    rows = batches(request.user, asked, now, columns())
    return StreamingHttpResponse(
        sent(parts(rows), timezone.get_current_timezone_name(), get_language() or ""),
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Cache-Control": "private, no-store",
        },
    )


def _xlsx_parts(rows: Iterator[list[list[str]]]) -> Iterator[bytes]:
    """A workbook is an archive with its table of contents at the end: it is written to the disk first."""
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, rows)
        file.seek(0)
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(PART):
        yield part


async def sent(parts: Iterator[bytes], zone: str, language: str) -> AsyncIterator[bytes]:
    """Part by part: a server of async pages would read an ordinary iterator to its end first."""
    while part := await sync_to_async(_next)(parts, zone, language):
        yield part


def _next(parts: Iterator[bytes], zone: str, language: str) -> bytes:
    # The page's own zone and language have gone with its thread by now.
    with timezone.override(zone), override(language):
        return next(parts, b"")


FORMATS: dict[str, tuple[str, Parts]] = {
    "csv": ("text/csv; charset=utf-8", csv_parts),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx_parts),
}
