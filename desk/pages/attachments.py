"""A file from a message, given to those who may read the message, and to no browser as a page of this desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import nothing_here
from mailroom import links
from people.models import User
from tickets.models import Attachment
from tickets.models.conversation import StoredFile
from tickets.permissions import access_attachment

# Raster images cannot hold a script. Their type was read from their bytes when they were stored.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@require_safe
@login_required
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """As a download; with `?inline=1` an image in place. A file that is gone answers like one that never was."""
    try:
        return as_file(_found(request, pk), inline=request.GET.get("inline") == "1")
    except (NotFound, FileNotFoundError):
        return nothing_here(request)


@require_safe
def file_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A file that was too large for a mail, for whoever has the mail's link, while he takes part and it is fresh."""
    try:
        return as_file(links.file_of(token, now=clock.now()), inline=False)
    except (NotFound, FileNotFoundError):
        return nothing_here(request)


def as_file(found: StoredFile, *, inline: bool) -> HttpResponse:
    """Raises FileNotFoundError where only its row is left."""
    content = found.stored.open("rb").read()
    shown = inline and found.content_type in SHOWN_INLINE
    return HttpResponse(
        content,
        content_type=found.content_type,
        headers={
            # RFC 6266, with the name in the form of RFC 5987 where it is not ASCII.
            "Content-Disposition": content_disposition_header(not shown, found.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


def _found(request: HttpRequest, pk: int) -> Attachment:
    if not isinstance(request.user, User):
        raise NotFound
    return access_attachment(request.user, pk)
