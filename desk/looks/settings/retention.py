"""What would go of each kind by the periods that stand in the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.dates import said
from common.models import Removal
from desk.forms.retention import RetentionForm
from desk.retention.kinds import BY_NAME, KINDS, Kind
from desk.retention.sweeping import preview

MOST_NIGHTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    field: BoundField
    would_go: str


def lines(form: RetentionForm, *, now: datetime) -> list[Line]:
    """A count and two figures for each kind that has a period; none for one that is never removed."""
    periods = form.periods if not form.is_bound or form.is_valid() else {}
    return [Line(kind, form[kind.name], _would_go(kind, periods, now)) for kind in KINDS]


def nights() -> list[tuple[Any, Removal]]:
    """What went lately, each with its title, the newest first."""
    rows = Removal.objects.filter(kind__in=BY_NAME).exclude(count=0).order_by("-pk")[:MOST_NIGHTS]
    return [(BY_NAME[row.kind].title, row) for row in rows]


def _would_go(kind: Kind, periods: Mapping[str, int], now: datetime) -> str:
    if kind.name not in periods:
        return ""
    found = preview(kind, periods[kind.name], now=now)
    if not found.count or found.oldest is None:
        return _("nothing is as old as that")
    known = {"n": number_format(found.count, force_grouping=True), "at": said(found.oldest, "j M Y")}
    if found.size is None:
        return ngettext("%(n)s, from %(at)s", "%(n)s, the oldest from %(at)s", found.count) % known
    words = ngettext("%(n)s of %(size)s, from %(at)s", "%(n)s with %(size)s, the oldest from %(at)s", found.count)
    return words % {**known, "size": filesizeformat(found.size)}
