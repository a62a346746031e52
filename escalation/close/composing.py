"""The first draft of a customer's document: only from what is marked as fit for customers (R53)."""

from django.utils import timezone, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.dates import said
from escalation.models import Analysis
from people.models import User
from people.zones import zone_of


def composed(analysis: Analysis, reader: User) -> str:
    """In the customer's language and zone: what happened, why, what is done."""
    with translation.override(reader.language), timezone.override(zone_of(reader.time_zone)):
        return "\n\n".join(part for part in _parts(analysis, reader) if part)


def _parts(analysis: Analysis, reader: User) -> list[str]:
    escalation = analysis.escalation
    began, ended = escalation.initiated_at or escalation.opened_at, escalation.resolved_at
    actions = [action.title for action in analysis.actions.all() if action.for_customers]
    known = {"name": reader.name, "began": _at(began), "ended": _at(ended) if ended else ""}
    happened = _("Between %(began)s and %(ended)s you could not work as you should.") if ended else ""
    return [
        _("Hello %(name)s,") % known,
        happened % known,
        analysis.for_customers,
        _("What we do so that it does not come again:") if actions else "",
        "\n".join(f"- {title}" for title in actions),
    ]


def _at(at: object) -> str:
    return said(localtime(at), "j M, H:i")  # type: ignore[arg-type] # a time, checked by the caller
