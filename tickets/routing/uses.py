"""What the rules stand on: a calendar in which one counts is not archived."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from tickets.models import RoutingRule


def calendars_in_use(calendars: Collection[int]) -> Iterator[tuple[int, str]]:
    """See `calendars.usage`; rules that are off, too."""
    rows = RoutingRule.objects.filter(calendar__in=calendars).order_by("order", "pk")
    for calendar, name in rows.values_list("calendar_id", "name"):
        yield calendar, _("the routing rule “%(name)s”") % {"name": name}
