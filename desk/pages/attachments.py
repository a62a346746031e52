"""A file from a message, given to those who may read the message, and to no browser as a page of this desk."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from common.errors import NotFound
from desk.answers import nothing_here
from people.models import User
from tickets.models import Attachment
from tickets.permissions import access_attachment

# Raster images cannot hold a script. Their type was read from their bytes when they were stored.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@require_safe
@login_required
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """As a download; with `?inline=1` an image in place. A file that is gone answers like one that never was."""
    try:
        found = _found(request, pk)
        content = found.stored.open("rb").read()
    except (NotFound, FileNotFoundError):
        return nothing_here(request)
    inline = request.GET.get("inline") == "1" and found.content_type in SHOWN_INLINE
    return HttpResponse(
        content,
        content_type=found.content_type,
        headers={
            # RFC 6266, with the name in the form of RFC 5987 where it is not ASCII.
            "Content-Disposition": content_disposition_header(not inline, found.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


def _found(request: HttpRequest, pk: int) -> Attachment:
    if not isinstance(request.user, User):
        raise NotFound
    return access_attachment(request.user, pk)
