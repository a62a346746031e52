"""What an escalation harms, in words (R16), and what the desk wants to know of it besides (R22)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.text import many_lines
from escalation import permissions as may
from escalation.actions import lock_escalation
from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from escalation.recording import record_step
from people.models import User
from tickets.enums import BelongsTo
from tickets.fields import Value, checked, checked_at_opening, keep_above, merged
from tickets.models import CustomField

IMPACT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Details:
    """As they are kept: checked, and without what is empty."""

    impact: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


NO_DETAILS = Details()


def details_at_opening(impact: str, fields: Mapping[str, Any] | None, *, by: User) -> Details:
    """Of one that is being raised. `fields`: what was asked of the desk's own; None where nobody was asked.

    Raises InvalidInput, for what is wrong with a field under `fields.<key>`; customers are asked for none.
    """
    known = checked_at_opening(fields, of_customer=by.is_customer, of=BelongsTo.ESCALATION)
    keep_above(list(known))
    return Details(_checked_impact(impact), known)


@transaction.atomic
def describe(
    *, user: User, number: int, now: datetime, impact: str | None = None, fields: Mapping[str, Any] | None = None
) -> Escalation:
    """Say anew what it harms, and set those fields that are given; empty ones are cleared, the rest stays.

    By whoever works on it, as long as it lives. Each change is on the timeline with what was there before.
    """
    may.access_to_work(user, number)
    escalation = lock_escalation(number)
    if escalation.state not in LIVE_STATES:
        raise NotAllowedNow(_("%(ref)s has ended: what is on record stays.") % {"ref": escalation.reference})
    before = Details(escalation.impact, escalation.fields)
    wanted = checked(fields or {}, before=before.fields, of=BelongsTo.ESCALATION)
    keep_above([key for key, value in wanted.items() if value != ""])
    escalation.fields = merged(before.fields, wanted)
    if impact is not None:
        escalation.impact = _checked_impact(impact)
    escalation.save(update_fields=["impact", "fields"])
    for change in _changes(before, Details(escalation.impact, escalation.fields)):
        record_step(escalation, "changed", by=user, now=now, **change)
    return escalation


def _checked_impact(impact: str) -> str:
    return many_lines(impact, field="impact", limit=IMPACT_LIMIT) if impact.strip() else ""


def _changes(before: Details, after: Details) -> Iterator[dict[str, Value]]:
    if before.impact != after.impact:
        yield {"what": "impact", "before": before.impact, "after": after.impact}
    keys = [key for key in {**before.fields, **after.fields} if before.fields.get(key) != after.fields.get(key)]
    for own in CustomField.objects.filter(key__in=keys) if keys else ():
        change: dict[str, Value] = {"what": "field", "key": own.key, "label": own.label}
        yield {**change, "before": before.fields.get(own.key, ""), "after": after.fields.get(own.key, "")}
