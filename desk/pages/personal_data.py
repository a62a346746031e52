"""All that the desk holds of one person, as a file: for administrators, on a person's own request."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, admin_page, show_settings
from desk.pages.export import sent
from desk.personal_data import making
from people.models import User

# In seconds: a header and no element of the page, so it needs no script, and takes nobody by surprise when it is over.
LOOKS_AGAIN_AFTER = 3


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def export(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask for an archive; the page says how far it is, and looks again by itself until it is there."""
    person = User.objects.filter(pk=pk, erased_at=None).first()
    if person is None:
        raise NotFound
    now = clock.now()
    if request.method == "POST":
        making.ask(by=request.user, person=person, now=now)
        return redirect("desk:person_export", pk)
    archive = making.latest(by=request.user, person=person, now=now)
    ends_at = archive.asked_at + making.KEPT if archive else None
    context = {"person": person, "archive": archive, "ends_at": ends_at, "now": now}
    response = show_settings(request, "desk/settings/person_export.html", context)
    if archive is not None and archive.finished_at is None:
        response["Refresh"] = str(LOOKS_AGAIN_AFTER)
    return response


@require_safe
@admin_page  # type: ignore[arg-type] # a stream is an answer, too
def archive(request: DeskRequest, pk: int) -> HttpResponseBase:
    found = making.access_archive(by=request.user, pk=pk, now=clock.now())
    return StreamingHttpResponse(
        sent(making.parts_of(found), timezone.get_current_timezone_name(), get_language() or ""),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="person-{found.person_id}.zip"',
            "Content-Length": str(found.size),
            "Cache-Control": "private, no-store",
        },
    )
