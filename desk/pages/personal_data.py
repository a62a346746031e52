"""All that the desk holds of one person, as a file: for administrators, on a person's own request."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from common.errors import NotFound
from desk.answers import DeskRequest, admin_page
from desk.pages.export import sent
from desk.personal_data import export_person
from people.models import User


@require_POST
@admin_page  # type: ignore[arg-type] # a stream is an answer, too
def export(request: DeskRequest, pk: int) -> HttpResponseBase:
    person = User.objects.select_related("organisation").filter(pk=pk, erased_at=None).first()
    if person is None:
        raise NotFound
    parts = export_person(by=request.user, person=person)
    return StreamingHttpResponse(
        sent(parts, timezone.get_current_timezone_name(), get_language() or ""),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="person-{person.pk}.zip"',
            "Cache-Control": "private, no-store",
        },
    )
