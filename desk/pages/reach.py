"""Who would hear of a missed promise, and by what: whoever would not stands first. For administrators."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, admin_page, show_settings
from notifications import messengers, pushing
from notifications.ways import standings
from people.models import User

MOST = 1000


@require_safe
@admin_page
def reach(request: DeskRequest) -> HttpResponse:
    people = list(User.objects.active().staff().order_by("name", "pk")[:MOST])
    found = sorted(standings(people), key=lambda one: (one.is_reached, one.is_confirmed))
    context = {
        "standings": found,
        "unreached": sum(not one.is_reached for one in found),
        "messengers": messengers.is_installed(),
        "push": pushing.is_installed(),
    }
    return show_settings(request, "desk/reach/page.html", context)
